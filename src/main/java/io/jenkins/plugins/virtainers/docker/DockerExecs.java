package io.jenkins.plugins.virtainers.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import io.jenkins.plugins.virtainers.engine.host.ContainerExecs;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.Terminal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Commands in containers, through the calls for them. */
final class DockerExecs implements ContainerExecs {
    private static final Logger LOGGER = Logger.getLogger(DockerExecs.class.getName());

    private final Connection engine;

    DockerExecs(Connection engine) {
        this.engine = engine;
    }

    @Override
    public int exec(ContainerId container, List<String> command, ExecStreams io) throws InterruptedException {
        String what = "run " + command.get(0) + " in container " + container;
        boolean tty = io.terminal().isPresent();
        String exec = engine.ask(
                what,
                () -> engine.client()
                        .execCreateCmd(container.value())
                        .withAttachStdin(true)
                        .withAttachStdout(true)
                        .withAttachStderr(true)
                        .withTty(tty)
                        .withCmd(command.toArray(String[]::new))
                        .exec()
                        .getId());
        try (StreamCallback<Frame> answer = new StreamCallback<>(frame -> deliver(frame, io));
                Terminal.Resizes resizes = followSize(exec, io.terminal())) {
            engine.ask(
                    what,
                    () -> engine.streams()
                            .execStartCmd(exec)
                            .withDetach(false)
                            .withTty(tty)
                            .withStdIn(io.stdin())
                            .exec(answer));
            io.terminal().ifPresent(terminal -> resize(exec, terminal.size()));
            answer.ended().get();
        } catch (ExecutionException e) {
            throw engine.calls().failure(what, e.getCause());
        }
        Long status = engine.ask(
                what, () -> engine.client().inspectExecCmd(exec).exec().getExitCodeLong());
        return status == null ? 0 : Math.toIntExact(status);
    }

    private static void deliver(Frame frame, ExecStreams io) {
        OutputStream out = frame.getStreamType() == StreamType.STDERR ? io.stderr() : io.stdout();
        try {
            out.write(frame.getPayload());
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Terminal.Resizes followSize(String exec, Optional<Terminal> terminal) {
        return terminal.map(value -> value.onResize(size -> resize(exec, size))).orElse(() -> {});
    }

    private void resize(String exec, Terminal.Size size) {
        engine.calls().threads().execute(() -> {
            try {
                engine.client()
                        .resizeExecCmd(exec)
                        .withSize(size.rows(), size.columns())
                        .exec();
            } catch (DockerException e) {
                LOGGER.log(Level.FINE, "Resizing a terminal", e);
            }
        });
    }
}
