package io.jenkins.plugins.virtainers.engine.errand;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.FixConfigurationException;
import io.jenkins.plugins.virtainers.engine.failure.Uninterrupted;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.ContainerLogs;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.io.LineReader;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.io.RuntimeEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A container that is started to do one thing. Nothing is left of it, whatever happens.
 *
 * @param host where
 * @param what it does, for messages: {@code list templates}
 * @param timeout how long it may take
 */
public record Errand(ContainerHost host, String what, Duration timeout) {
    private static final Logger LOGGER = Logger.getLogger(Errand.class.getName());

    /** For the log to arrive once the exit status has. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    public Errand {
        requireNonNull(host, "host");
        requireNonNull(what, "what");
        requireNonNull(timeout, "timeout");
    }

    /**
     * Creates and starts a container; when this throws, nothing is left of it.
     *
     * @param files that it has before it starts
     */
    public static ContainerId start(ContainerHost host, ContainerRequest request, List<ContainerFile> files)
            throws InterruptedException {
        return start(host, request, filling(host, files));
    }

    private static Filling filling(ContainerHost host, List<ContainerFile> files) {
        return container -> {
            if (!files.isEmpty()) {
                host.putFiles(container, files);
            }
        };
    }

    /** Puts into a container what it has before it starts. */
    @FunctionalInterface
    public interface Filling {
        void fill(ContainerId container) throws InterruptedException;
    }

    private static ContainerId start(ContainerHost host, ContainerRequest request, Filling filling)
            throws InterruptedException {
        ContainerId container = Creation.of(host, request);
        boolean started = false;
        try {
            filling.fill(container);
            host.start(container);
            started = true;
            return container;
        } finally {
            if (!started) {
                discard(host, container);
            }
        }
    }

    /** The same, without /dev/kvm where that was asked for and the host turns out to have none. */
    public static ContainerId startWithKvmOrWithout(
            ContainerHost host, ContainerRequest request, List<ContainerFile> files) throws InterruptedException {
        return startWithKvmOrWithout(host, request, filling(host, files));
    }

    /** The same, of a container that is filled with more than files. */
    public static ContainerId startWithKvmOrWithout(ContainerHost host, ContainerRequest request, Filling filling)
            throws InterruptedException {
        try {
            return start(host, request, filling);
        } catch (FixConfigurationException e) {
            if (e.failure() != Failure.PLATFORM || !request.kvm()) {
                throw e;
            }
            LOGGER.log(Level.FINE, "No /dev/kvm on {0}: creating the container without", host.address());
            return start(host, request.withoutKvm(), filling);
        }
    }

    /**
     * Waits for a container, and removes it.
     *
     * @param progress is told what the runtime in it says
     * @return what it printed
     * @throws VirtainerException what its end stands for, in the words of the runtime
     */
    public String finish(ContainerId container, Progress progress) throws InterruptedException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        StringBuilder lastEvent = new StringBuilder();
        LineReader events = new LineReader(line -> RuntimeEvent.parse(line).ifPresent(event -> {
            lastEvent.setLength(0);
            lastEvent.append(event.sentence());
            progress.event(event);
        }));
        ContainerLogs.LogListener listener = new ContainerLogs.LogListener() {
            @Override
            public void stdout(byte[] bytes) {
                said.writeBytes(bytes);
            }

            @Override
            public void stderr(byte[] bytes) {
                events.accept(bytes);
            }
        };
        try (ContainerLogs.LogStream log = host.followLogs(container, listener)) {
            int status = host.exitStatus(container).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            log.ended().get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
            if (status != 0) {
                throw Failure.ofContainerStatus(status)
                        .orElse(Failure.CONTAINER_ENDED)
                        .because("Cannot %s on %s: %s"
                                .formatted(
                                        what,
                                        host.address(),
                                        lastEvent.isEmpty() ? "the container ended with status " + status : lastEvent));
            }
            return said.toString(StandardCharsets.UTF_8);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof VirtainerException known ? known : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw Failure.NOT_READY.because(
                    "Cannot %s on %s: not done within %d s. Allow more time, or look at the host's load."
                            .formatted(what, host.address(), timeout.toSeconds()),
                    e);
        } finally {
            discard(host, container);
        }
    }

    /** Removes a container, whatever happens; a failure is the log's. */
    public static void discard(ContainerHost host, ContainerId container) {
        Uninterrupted.run(() -> {
            try {
                host.remove(container);
            } catch (VirtainerException e) {
                LOGGER.log(Level.WARNING, "Cannot remove container {0}: {1}", new Object[] {container, e.getMessage()});
            }
        });
    }
}
