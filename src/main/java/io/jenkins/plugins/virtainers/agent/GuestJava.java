package io.jenkins.plugins.virtainers.agent;

import hudson.AbortException;
import hudson.model.Computer;
import io.jenkins.plugins.virtainers.engine.agent.AgentJava;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.host.ContainerExecs;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.ShellWords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;

/** Finds what starts Java in a guest, and brings it there where it is not. */
final class GuestJava {
    private static final int BUFFER = 1 << 16;
    /** Beside what the agent keeps in its work directory. */
    private static final String COPIED = "virtainers";

    /** Folders of the disk. */
    private static final String GNU = "gnu";

    private static final String MUSL = "musl";

    private final Vm vm;
    private final GuestConnection guest;
    private final ContainerExecs containers;
    private final BootReport report;

    GuestJava(Vm vm, GuestConnection guest, ContainerExecs containers, BootReport report) {
        this.vm = vm;
        this.guest = guest;
        this.containers = containers;
        this.report = report;
    }

    /**
     * The path of one.
     *
     * @param wanted where it is looked for
     * @param workDirectory of the agent, which is there
     * @param patience for a copy, after which the connection is closed
     */
    String find(AgentJava wanted, String workDirectory, Duration patience) throws IOException, InterruptedException {
        if (wanted.command().isPresent()) {
            return wanted.command().get();
        }
        ByteArrayOutputStream found = new ByteArrayOutputStream();
        ByteArrayOutputStream why = new ByteArrayOutputStream();
        Future<?> deadline = Timer.get().schedule(guest::close, patience.toSeconds(), TimeUnit.SECONDS);
        try {
            int status =
                    guest.run(wanted.search(), ExecStreams.output(found, why)).shellStatus();
            String said = found.toString(StandardCharsets.UTF_8).strip();
            if (status == 0) {
                return said;
            }
            String reason = why.toString(StandardCharsets.UTF_8).strip();
            if (status == AgentJava.NOT_MOUNTED) {
                report.step("Copying Java, for " + reason);
                return copy(said.equals(MUSL) ? MUSL : GNU, workDirectory + "/" + COPIED);
            }
            throw new AbortException(
                    "There is no Java %d or newer in %s: %s. Use an image that has one, install it with the init script, or say where it is."
                            .formatted(wanted.oldest(), vm.image(), reason));
        } finally {
            deadline.cancel(false);
        }
    }

    /** The one of the container, where the guest's user may write. */
    private String copy(String libc, String directory) throws IOException, InterruptedException {
        try (PipedInputStream toGuest = new PipedInputStream(BUFFER);
                PipedOutputStream fromContainer = new PipedOutputStream(toGuest);
                OutputStream log = report.output()) {
            Future<Integer> read = Computer.threadPoolForRemoting.submit(() -> {
                try (fromContainer) {
                    return containers.exec(
                            vm.container(), AgentJava.inContainer(libc), ExecStreams.output(fromContainer, log));
                }
            });
            String place = ShellWords.quote(directory);
            int written = guest.run(
                            "mkdir -p %s && tar -x -f - -C %s".formatted(place, place),
                            ExecStreams.of(toGuest, log, log))
                    .shellStatus();
            // Whoever still writes is told that nobody reads.
            toGuest.close();
            if (written != 0 || status(read) != 0) {
                throw new AbortException(
                        "Java cannot be copied to %s in %s. What was said stands above. Choose a remote root directory with 200 MB of room, or an image that has Java."
                                .formatted(directory, vm.image()));
            }
        }
        return directory + "/java/" + libc + "/bin/java";
    }

    private static int status(Future<Integer> read) throws IOException, InterruptedException {
        try {
            return read.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }
}
