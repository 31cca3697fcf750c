package io.jenkins.plugins.virtainers.engine.guest;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A virtual machine that exists: what stays true of it from creation to removal. Everything here is also on its
 * container, so that {@link #of} finds it again after a restart of whoever made it.
 *
 * @param container that it runs in
 * @param name of the container
 * @param image as it was asked for
 * @param user that the authorized keys log in as
 * @param hostKey that its SSH server proves
 * @param lease how long it lives unrenewed
 * @param created when, by the host's clock
 */
public record Vm(
        ContainerId container,
        VmName name,
        String image,
        String user,
        HostKey hostKey,
        Optional<Duration> lease,
        Instant created) {
    public Vm {
        requireNonNull(container, "container");
        requireNonNull(name, "name");
        requireNonNull(image, "image");
        requireNonNull(user, "user");
        requireNonNull(hostKey, "hostKey");
        requireNonNull(lease, "lease");
        requireNonNull(created, "created");
    }

    /** Reads a virtual machine off its container; empty when the container is none that {@link VmEngine} made. */
    public static Optional<Vm> of(Container container) {
        Optional<String> hostKey = container.label(Labels.HOST_KEY);
        Optional<String> user = container.label(Labels.USER);
        if (hostKey.isEmpty() || user.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Vm(
                    container.id(),
                    new VmName(container.name()),
                    container.label(Labels.IMAGE).orElse(container.image()),
                    user.get(),
                    HostKey.parse(hostKey.get()),
                    container.label(Labels.LEASE).map(Long::valueOf).map(Duration::ofSeconds),
                    container.created()));
        } catch (IllegalArgumentException | InvalidSpecException e) {
            // Labels are anybody's to write.
            return Optional.empty();
        }
    }
}
