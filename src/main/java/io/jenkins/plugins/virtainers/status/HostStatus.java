package io.jenkins.plugins.virtainers.status;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import java.util.Optional;
import java.util.OptionalInt;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** How a host of a cloud is doing. */
@ExportedBean(defaultVisibility = 3)
public final class HostStatus {
    private final String uri;
    private final Optional<HostInfo> engine;
    private final Share taken;
    private final Share most;
    private final Optional<String> paused;

    /**
     * An amount of what a host has.
     *
     * @param agents on it; empty for any number
     * @param cpus of their machines; empty for any number
     * @param memory of their machines; empty for none, or for any amount
     */
    public record Share(OptionalInt agents, OptionalInt cpus, Optional<MemorySize> memory) {
        /** What is not known, or not limited. */
        public static final Share UNKNOWN = new Share(OptionalInt.empty(), OptionalInt.empty(), Optional.empty());
    }

    /**
     * @param engine as it said when it was asked, once it was
     * @param taken by agents at present
     * @param most that agents may take
     * @param paused why it is left alone at present, in a sentence
     */
    public HostStatus(String uri, Optional<HostInfo> engine, Share taken, Share most, Optional<String> paused) {
        this.uri = uri;
        this.engine = engine;
        this.taken = taken;
        this.most = most;
        this.paused = paused;
    }

    @Exported
    public String getUri() {
        return uri;
    }

    /** Product and version, once it was asked. */
    @CheckForNull
    @Exported
    public String getEngine() {
        return engine.map(HostInfo::toString).orElse(null);
    }

    @Exported
    public int getAgents() {
        return taken.agents().orElse(0);
    }

    @Exported
    public int getCpus() {
        return taken.cpus().orElse(0);
    }

    @Exported
    public String getMemory() {
        return taken.memory().map(MemorySize::toString).orElse("0");
    }

    @CheckForNull
    @Exported
    public Integer getMostAgents() {
        return orNull(most.agents());
    }

    @CheckForNull
    @Exported
    public Integer getMostCpus() {
        return orNull(most.cpus());
    }

    @CheckForNull
    @Exported
    public String getMostMemory() {
        return most.memory().map(MemorySize::toString).orElse(null);
    }

    /** Why it is left alone at present, in a sentence; null when it is not. */
    @CheckForNull
    @Exported
    public String getPaused() {
        return paused.orElse(null);
    }

    @CheckForNull
    private static Integer orNull(OptionalInt number) {
        return number.isPresent() ? number.getAsInt() : null;
    }
}
