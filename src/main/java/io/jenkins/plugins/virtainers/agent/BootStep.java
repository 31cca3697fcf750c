package io.jenkins.plugins.virtainers.agent;

import java.io.Serializable;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A step of an agent's boot: what it was and how long it took. Persisted with the agent. */
@ExportedBean(defaultVisibility = 3)
public final class BootStep implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String name;
    private final long atMillis;
    private final long tookMillis;

    BootStep(String name, long atMillis, long tookMillis) {
        this.name = name;
        this.atMillis = atMillis;
        this.tookMillis = tookMillis;
    }

    @Exported
    public String getName() {
        return name;
    }

    /** When it began, since the launch did. */
    @Exported
    public long getAtMillis() {
        return atMillis;
    }

    @Exported
    public long getTookMillis() {
        return tookMillis;
    }

    /** For people: {@code 12.345 s}. */
    public String getTook() {
        return seconds(tookMillis);
    }

    /** For people: {@code 12.345 s}. */
    public String getAt() {
        return seconds(atMillis);
    }

    private static String seconds(long millis) {
        return "%d.%03d s".formatted(millis / 1000, millis % 1000);
    }
}
