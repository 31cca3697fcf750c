package io.jenkins.plugins.virtainers.fleet;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.VirtainerHost;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
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
 * @param besides what each agent takes of that beside its guest's memory; empty where somebody said what guests may have
 */
public record HostOffer(
        String uri, OptionalInt agents, OptionalInt cpus, Optional<MemorySize> memory, Optional<MemorySize> besides) {
    /** The rest is for the host itself. */
    private static final int PERCENT_FOR_GUESTS = 90;

    /** Guests wait most of the time, and not all at once. */
    private static final int GUESTS_CPUS_FOR_EACH = 4;

    /** What QEMU takes beside its guest's memory (docs/performance.md). */
    private static final MemorySize OF_QEMU = MemorySize.ofMegabytes(256);

    public HostOffer {
        requireNonNull(uri, "uri");
        requireNonNull(agents, "agents");
        requireNonNull(cpus, "cpus");
        requireNonNull(memory, "memory");
        requireNonNull(besides, "besides");
    }

    /**
     * What a host has for agents, as it is configured.
     *
     * @param measured what the host says of itself, where it has been asked; it counts where nothing else was said
     */
    public static HostOffer of(VirtainerHost host, Optional<HostInfo> measured) {
        Optional<MemorySize> said = Optional.ofNullable(host.getMemory()).map(MemorySize::parse);
        return new HostOffer(
                host.getUri(),
                Limit.of(host.getAgents()),
                host.getCpus() == null
                        ? measured.map(info -> OptionalInt.of(info.cpus() * GUESTS_CPUS_FOR_EACH))
                                .orElseGet(OptionalInt::empty)
                        : Limit.of(host.getCpus()),
                said.or(() -> measured.map(info -> mostOf(info.memory()))),
                said.isPresent() ? Optional.empty() : Optional.of(OF_QEMU));
    }

    /** The same for a host whose memory nobody knows: one agent, which shows whether there is more. */
    public HostOffer onTrial() {
        return new HostOffer(uri, OptionalInt.of(1), cpus, memory, besides);
    }

    /** What of a host's memory its guests may have when nobody said. */
    private static MemorySize mostOf(MemorySize host) {
        return MemorySize.ofMegabytes(Math.max(1, host.megabytes() * PERCENT_FOR_GUESTS / 100));
    }
}
