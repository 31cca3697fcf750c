package io.jenkins.plugins.virtainers.docker;

import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.OptionalInt;

/** The /dev/kvm of an engine's host, as far as this machine can see it. */
final class KvmNode {
    static final String PATH = "/dev/kvm";
    private static final int GROUP_READS_AND_WRITES = 0060;

    private KvmNode() {}

    static HostInfo.KvmDevice of(DockerEndpoint endpoint) {
        if (!endpoint.isLocal()) {
            return HostInfo.KvmDevice.UNKNOWN;
        }
        return Files.exists(Path.of(PATH)) ? HostInfo.KvmDevice.PRESENT : HostInfo.KvmDevice.ABSENT;
    }

    /** The group that the container's user must be in to open the device; empty where no group helps. */
    static OptionalInt group(DockerEndpoint endpoint) {
        Path node = Path.of(PATH);
        if (!endpoint.isLocal() || !Files.exists(node)) {
            return OptionalInt.empty();
        }
        try {
            int mode = (Integer) Files.getAttribute(node, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            int group = (Integer) Files.getAttribute(node, "unix:gid", LinkOption.NOFOLLOW_LINKS);
            boolean helps = (mode & GROUP_READS_AND_WRITES) == GROUP_READS_AND_WRITES && group != 0;
            return helps ? OptionalInt.of(group) : OptionalInt.empty();
        } catch (IOException | UnsupportedOperationException e) {
            // Without the group the runtime finds the device closed, says so, and emulates.
            return OptionalInt.empty();
        }
    }
}
