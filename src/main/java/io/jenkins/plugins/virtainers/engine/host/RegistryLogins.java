package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.util.Optional;

/** Knows who pulls which image. */
@FunctionalInterface
public interface RegistryLogins {
    /** Pulls everything as nobody. */
    RegistryLogins NONE = image -> Optional.empty();

    /**
     * The login for an image.
     *
     * @return empty to pull as nobody
     * @throws VirtainerException when there should be one and it cannot be had
     */
    Optional<RegistryLogin> of(ImageRef image);
}
