package io.jenkins.plugins.virtainers.fleet;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.VirtainerHost;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import io.jenkins.plugins.virtainers.forms.Limit;
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
public record HostOffer(String uri, OptionalInt agents, OptionalInt cpus, Optional<MemorySize> memory) {
    /** The rest is for the host itself, and for what QEMU needs beside the guest's memory. */
    private static final int PERCENT_FOR_GUESTS = 85;

    public HostOffer {
        requireNonNull(uri, "uri");
        requireNonNull(agents, "agents");
        requireNonNull(cpus, "cpus");
        requireNonNull(memory, "memory");
    }

    /**
     * What a host has for agents, as it is configured.
     *
     * @param measured memory of the host, where it is known and nothing else was said
     */
    public static HostOffer of(VirtainerHost host, Optional<MemorySize> measured) {
        return new HostOffer(
                host.getUri(),
                Limit.of(host.getAgents()),
                Limit.of(host.getCpus()),
                Optional.ofNullable(host.getMemory()).map(MemorySize::parse).or(() -> measured.map(HostOffer::mostOf)));
    }

    /** What of a host's memory its guests may have when nobody said. */
    public static MemorySize mostOf(MemorySize host) {
        return MemorySize.ofMegabytes(Math.max(1, host.megabytes() * PERCENT_FOR_GUESTS / 100));
    }
}
