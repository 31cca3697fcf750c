package io.jenkins.plugins.virtainers.engine;

import static java.util.Objects.requireNonNull;

/**
 * A named volume of the container host, where a container sees it. The host makes it when it is first used.
 *
 * @param volume its name
 * @param path absolute, inside the container
 * @param readOnly whether the container may only read it
 */
public record VolumeMount(String volume, String path, boolean readOnly) {
    public VolumeMount {
        requireNonNull(volume, "volume");
        requireNonNull(path, "path");
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("not an absolute path: " + path);
        }
    }
}
