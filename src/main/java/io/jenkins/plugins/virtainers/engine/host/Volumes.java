package io.jenkins.plugins.virtainers.engine.host;

import static java.util.Objects.requireNonNull;

/** What outlives containers: named volumes of a host, and folders of it. Not every host has them. */
@FunctionalInterface
public interface Volumes {
    /**
     * A volume or a folder, as a container is to see it. The host makes a volume when it is first used; a folder must be
     * there.
     *
     * @param volume its name, or the folder's absolute path
     * @param path absolute, inside the container
     * @param readOnly whether the container may only read it
     */
    Mount mount(String volume, String path, boolean readOnly);

    /**
     * A volume or a folder, where a container sees it.
     *
     * @param volume its name, or the folder's absolute path
     * @param path absolute, inside the container
     * @param readOnly whether the container may only read it
     */
    record Mount(String volume, String path, boolean readOnly) {
        public Mount {
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
}
