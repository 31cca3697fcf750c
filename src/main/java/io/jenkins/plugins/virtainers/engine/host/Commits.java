package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.spec.ImageRef;

/** Containers as images. Not every host makes them. */
public interface Commits {
    /** Makes an image of a container: that which it was created from, and one layer of what has changed. */
    void commit(ContainerId container, ImageRef image) throws InterruptedException;
}
