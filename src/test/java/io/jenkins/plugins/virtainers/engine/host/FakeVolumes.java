package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The volumes of a fake host, each with its files by their paths in it. */
final class FakeVolumes implements Volumes {
    private final Map<String, Map<String, ContainerFile>> files = new HashMap<>();

    @Override
    public Mount mount(String volume, String path, boolean readOnly) {
        return new Mount(volume, path, readOnly);
    }

    /** Takes a file that a container writes, unless it is on none of the volumes. */
    synchronized boolean take(List<Mount> mounts, ContainerFile file) {
        for (Mount mount : mounts) {
            if (file.path().startsWith(mount.path() + "/")) {
                files.computeIfAbsent(mount.volume(), any -> new LinkedHashMap<>())
                        .put(file.path().substring(mount.path().length()), file);
                return true;
            }
        }
        return false;
    }

    /** What a container sees there, by its own paths. */
    synchronized Map<String, ContainerFile> seenAt(List<Mount> mounts) {
        Map<String, ContainerFile> seen = new LinkedHashMap<>();
        for (Mount mount : mounts) {
            files.getOrDefault(mount.volume(), Map.of()).forEach((path, file) -> seen.put(mount.path() + path, file));
        }
        return seen;
    }
}
