package io.jenkins.plugins.virtainers;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.MemorySize;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a host has for agents, in all.
 *
 * @param uri of the host, its name
 * @param agents at once; empty for any number
 * @param cpus of all its agents together; empty for any number
 * @param memory of all its agents together; empty when neither configured nor known
 */
record HostOffer(String uri, OptionalInt agents, OptionalInt cpus, Optional<MemorySize> memory) {
    /** The rest is for the host itself, and for what QEMU needs beside the guest's memory. */
    private static final int PERCENT_FOR_GUESTS = 85;

    HostOffer {
        requireNonNull(uri, "uri");
        requireNonNull(agents, "agents");
        requireNonNull(cpus, "cpus");
        requireNonNull(memory, "memory");
    }

    /** What of a host's memory its guests may have when nobody said. */
    static MemorySize mostOf(MemorySize host) {
        return MemorySize.ofMegabytes(Math.max(1, host.megabytes() * PERCENT_FOR_GUESTS / 100));
    }
}
