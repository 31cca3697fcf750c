package io.jenkins.plugins.virtainers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.virtainers.engine.HostInfo;
import io.jenkins.plugins.virtainers.engine.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.MemorySize;
import java.util.List;
import java.util.Optional;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** How a host of a cloud is doing, for pages and the REST API. */
@ExportedBean(defaultVisibility = 3)
public final class HostStatus {
    private final VirtainerHost host;
    private final Optional<HostInfo> info;
    private final Optional<HostOffer> offer;
    private final Ledger.Use use;

    private HostStatus(VirtainerHost host, Optional<HostInfo> info, Optional<HostOffer> offer, Ledger.Use use) {
        this.host = host;
        this.info = info;
        this.offer = offer;
        this.use = use;
    }

    static List<HostStatus> of(VirtainerCloud cloud) {
        return cloud.usableHosts().stream().map(HostStatus::of).toList();
    }

    private static HostStatus of(VirtainerHost host) {
        Optional<HostInfo> info = Fleet.get().engines().lastSeen(host.getUri());
        Optional<HostOffer> offer = offer(host, info);
        Ledger.Use use = offer.map(Fleet.get().ledger()::use).orElse(new Ledger.Use(0, 0, 0));
        return new HostStatus(host, info, offer, use);
    }

    /** What it has, unless its configuration makes no sense. */
    private static Optional<HostOffer> offer(VirtainerHost host, Optional<HostInfo> info) {
        try {
            return Optional.of(host.offer(info.map(HostInfo::memory)));
        } catch (InvalidSpecException e) {
            return Optional.empty();
        }
    }

    @Exported
    public String getUri() {
        return host.getUri();
    }

    /** Product and version, once it was asked. */
    @CheckForNull
    @Exported
    public String getEngine() {
        return info.map(HostInfo::toString).orElse(null);
    }

    @Exported
    public int getAgents() {
        return use.agents();
    }

    @Exported
    public int getCpus() {
        return use.cpus();
    }

    @Exported
    public String getMemory() {
        return use.megabytes() == 0
                ? "0"
                : MemorySize.ofMegabytes(use.megabytes()).toString();
    }

    @CheckForNull
    @Exported
    public Integer getMostAgents() {
        return offer.filter(known -> known.agents().isPresent())
                .map(known -> known.agents().getAsInt())
                .orElse(null);
    }

    @CheckForNull
    @Exported
    public Integer getMostCpus() {
        return offer.filter(known -> known.cpus().isPresent())
                .map(known -> known.cpus().getAsInt())
                .orElse(null);
    }

    @CheckForNull
    @Exported
    public String getMostMemory() {
        return offer.flatMap(HostOffer::memory).map(MemorySize::toString).orElse(null);
    }

    /** Why it is left alone at present, in a sentence; null when it is not. */
    @CheckForNull
    @Exported
    public String getPaused() {
        return Fleet.get()
                .pauses()
                .ofHost(host.getUri())
                .map(pause -> "Left alone until %s: %s".formatted(ClockTime.of(pause.until()), pause.reason()))
                .orElse(null);
    }
}
