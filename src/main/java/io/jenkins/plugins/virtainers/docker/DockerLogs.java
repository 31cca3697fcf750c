package io.jenkins.plugins.virtainers.docker;

import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.ContainerLogs;
import io.jenkins.plugins.virtainers.engine.host.Containers;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What containers write, as an engine has it. */
final class DockerLogs implements ContainerLogs {
    /** For the rest of a log to arrive once its container has ended. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(30);

    private final Connection engine;
    private final Containers containers;

    DockerLogs(Connection engine, Containers containers) {
        this.engine = engine;
        this.containers = containers;
    }

    @Override
    public LogStream followLogs(ContainerId container, LogListener listener) {
        StreamCallback<Frame> answer = new StreamCallback<>(frame -> deliver(frame, listener));
        engine.streams()
                .logContainerCmd(container.value())
                .withStdOut(true)
                .withStdErr(true)
                .withFollowStream(true)
                .withTailAll()
                .exec(answer);
        // Podman 4.3 was seen, on a busy host, to leave the log of a container open that had ended meanwhile.
        CompletableFuture<Integer> exit = containers.exitStatus(container);
        exit.whenCompleteAsync(
                (status, thrown) -> answer.onComplete(),
                CompletableFuture.delayedExecutor(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS));
        String what = "read the log of container " + container;
        CompletableFuture<Void> ended = answer.ended().handle((nothing, thrown) -> {
            if (thrown != null) {
                throw engine.calls().failure(what, thrown);
            }
            return null;
        });
        return new LogStream() {
            @Override
            public CompletableFuture<Void> ended() {
                return ended;
            }

            @Override
            public void close() {
                exit.cancel(false);
                answer.close();
            }
        };
    }

    @Override
    public void readLogs(ContainerId container, OptionalInt lastLines, LogListener listener)
            throws InterruptedException {
        String what = "read the log of container " + container;
        try (StreamCallback<Frame> answer = new StreamCallback<>(frame -> deliver(frame, listener))) {
            var command = engine.streams()
                    .logContainerCmd(container.value())
                    .withStdOut(true)
                    .withStdErr(true)
                    .withFollowStream(false);
            (lastLines.isPresent() ? command.withTail(lastLines.getAsInt()) : command.withTailAll()).exec(answer);
            await(answer, Connection.CALL, what);
        }
    }

    private void await(StreamCallback<?> answer, Duration timeout, String what) throws InterruptedException {
        try {
            answer.ended().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw engine.calls().failure(what, e.getCause());
        } catch (TimeoutException e) {
            throw Failure.ENGINE_TIMEOUT.because(
                    "Cannot %s on %s: no answer within %d s. Try again, or restart the container engine."
                            .formatted(what, engine.endpoint(), timeout.toSeconds()),
                    e);
        }
    }

    private static void deliver(Frame frame, LogListener listener) {
        if (frame.getStreamType() == StreamType.STDERR) {
            listener.stderr(frame.getPayload());
        } else {
            listener.stdout(frame.getPayload());
        }
    }
}
