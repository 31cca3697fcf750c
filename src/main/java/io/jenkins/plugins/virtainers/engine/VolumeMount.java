package io.jenkins.plugins.virtainers.engine;

import static java.util.Objects.requireNonNull;

/**
 * A named volume or a folder of the container host, where a container sees it. The host makes a volume when it is first
 * used; a folder must be there.
 *
 * @param volume its name, or the folder's absolute path
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

    /** Whether it is a folder of the host. */
    public boolean isFolder() {
        return volume.startsWith("/");
    }
}
