package io.jenkins.plugins.virtainers.engine.image;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.util.List;

/** Where an image comes from that is neither on the host nor in a registry. */
@FunctionalInterface
public interface ImageSource {
    /** Knows no image. */
    ImageSource NONE = (image, progress) -> false;

    /**
     * Makes an image and leaves it on the host.
     *
     * @return false when this source does not know the image
     * @throws VirtainerException {@link Failure#IMAGE_BUILD_FAILED} when it knows the image and cannot make it
     */
    boolean make(ImageRef image, Progress progress) throws InterruptedException;

    /** What can be made here, as people write it: {@code debian:12}. */
    default List<String> names() {
        return List.of();
    }
}
