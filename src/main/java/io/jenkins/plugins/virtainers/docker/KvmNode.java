package io.jenkins.plugins.virtainers.docker;

import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The /dev/kvm of an engine's host, as far as this machine can see it. */
final class KvmNode {
    static final String PATH = "/dev/kvm";
    private static final int GROUP_READS_AND_WRITES = 0060;
    /** What Docker and Podman have in every container. */
    private static final List<String> CONTAINERS = List.of("/.dockerenv", "/run/.containerenv");
    /** What Kubernetes has. */
    private static final String POD = "KUBERNETES_SERVICE_HOST";

    private KvmNode() {}

    /** @param dataDirectory of the engine, on its own file system */
    static HostInfo.KvmDevice of(DockerEndpoint endpoint, Optional<String> dataDirectory) {
        if (!endpoint.isLocal()) {
            return HostInfo.KvmDevice.UNKNOWN;
        }
        if (Files.exists(Path.of(PATH))) {
            return HostInfo.KvmDevice.PRESENT;
        }
        // A container sees the devices that it was given, and not its host's, unless the engine is in it, too.
        boolean here = !isInContainer()
                || dataDirectory.map(Path::of).filter(Files::isDirectory).isPresent();
        return here ? HostInfo.KvmDevice.ABSENT : HostInfo.KvmDevice.UNKNOWN;
    }

    private static boolean isInContainer() {
        return CONTAINERS.stream().map(Path::of).anyMatch(Files::exists) || System.getenv(POD) != null;
    }

    /** The group that the container's user must be in to open the device; empty where no group helps. */
    static Optional<String> group(DockerEndpoint endpoint) {
        Path node = Path.of(PATH);
        if (!endpoint.isLocal() || !Files.exists(node)) {
            return Optional.empty();
        }
        try {
            int mode = (Integer) Files.getAttribute(node, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            int group = (Integer) Files.getAttribute(node, "unix:gid", LinkOption.NOFOLLOW_LINKS);
            boolean helps = (mode & GROUP_READS_AND_WRITES) == GROUP_READS_AND_WRITES && group != 0;
            return helps ? Optional.of(Integer.toString(group)) : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            // Without the group the runtime finds the device closed, says so, and emulates.
            return Optional.empty();
        }
    }
}
