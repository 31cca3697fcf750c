package io.jenkins.plugins.virtainers.engine;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.host.ContainerLogs;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a container, started with the rights of a guest's, what it can do. */
public final class Probe {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final VmEngine engine;
    private final Ownership ownership;
    private final Duration timeout;

    public Probe(VmEngine engine, Ownership ownership) {
        this(engine, ownership, TIMEOUT);
    }

    public Probe(VmEngine engine, Ownership ownership, Duration timeout) {
        this.engine = requireNonNull(engine, "engine");
        this.ownership = requireNonNull(ownership, "ownership");
        this.timeout = requireNonNull(timeout, "timeout");
    }

    /** The runtime's answer: one line of JSON. */
    public String ask(ContainerImage image) throws InterruptedException {
        ContainerRequest request = request(image, engine.host().info().kvm() != HostInfo.KvmDevice.ABSENT);
        try {
            return ask(request);
        } catch (VirtainerException e) {
            if (e.failure() != Failure.PLATFORM) {
                throw e;
            }
            return ask(request.withoutKvm());
        }
    }

    private ContainerRequest request(ContainerImage image, boolean kvm) {
        Map<String, String> labels = new LinkedHashMap<>(ownership.labels());
        labels.put(Labels.LEASE, Long.toString(timeout.toSeconds()));
        return ContainerRequest.of(image.id(), VmName.random())
                .labels(labels)
                .command("probe")
                .kvm(kvm)
                .build();
    }

    private String ask(ContainerRequest request) throws InterruptedException {
        ContainerHost host = engine.host();
        ContainerId container = host.create(request);
        try {
            host.start(container);
            int status = host.exitStatus(container).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            String said = output(host, container);
            if (status != 0) {
                throw Failure.QEMU_FAILED.because(
                        "The runtime's probe ended with status %d: %s".formatted(status, said.strip()));
            }
            return said;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof VirtainerException known ? known : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw Failure.ENGINE_TIMEOUT.because(
                    "The runtime's probe did not end within %d s.".formatted(timeout.toSeconds()), e);
        } finally {
            engine.discard(container);
        }
    }

    private static String output(ContainerLogs host, ContainerId container) throws InterruptedException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        host.readLogs(container, OptionalInt.empty(), new ContainerLogs.LogListener() {
            @Override
            public void stdout(byte[] bytes) {
                said.writeBytes(bytes);
            }

            @Override
            public void stderr(byte[] bytes) {
                // The answer is on the other stream.
            }
        });
        return said.toString(StandardCharsets.UTF_8);
    }
}
