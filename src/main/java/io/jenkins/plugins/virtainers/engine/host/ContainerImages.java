package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The images of a host, and how it gets more of them. */
public interface ContainerImages {
    /** The image if the host holds it under any of its spellings. Never pulls. */
    Optional<ContainerImage> findImage(ImageRef image) throws InterruptedException;

    /** Every image that has a label. */
    List<ContainerImage> images(String label) throws InterruptedException;

    /**
     * Fetches an image from its registry.
     *
     * @param logins asked for who pulls it, when it is pulled
     * @param progress is told, in the calling thread or another, what has arrived
     * @param timeout for the whole pull
     * @throws VirtainerException {@link Failure#IMAGE_NOT_FOUND} when no registry has it or none can be asked
     */
    void pull(ImageRef image, RegistryLogins logins, Consumer<String> progress, Duration timeout)
            throws InterruptedException;
}
