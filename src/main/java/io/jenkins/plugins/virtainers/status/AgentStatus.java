package io.jenkins.plugins.virtainers.status;

import hudson.Util;
import java.time.Duration;
import java.time.Instant;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** How an agent of a cloud is doing. */
@ExportedBean(defaultVisibility = 3)
public final class AgentStatus {
    private final String name;
    private final String template;
    private final String host;
    private final Instant since;
    private final String state;

    /** @param state for people: {@code booting}, {@code idle}, {@code building}, {@code offline}, {@code leaving} */
    public AgentStatus(String name, String template, String host, Instant since, String state) {
        this.name = name;
        this.template = template;
        this.host = host;
        this.since = since;
        this.state = state;
    }

    @Exported
    public String getName() {
        return name;
    }

    public String getUrl() {
        return "computer/" + Util.rawEncode(name) + "/";
    }

    @Exported
    public String getTemplate() {
        return template;
    }

    @Exported
    public String getHost() {
        return host;
    }

    @Exported
    public String getSince() {
        return since.toString();
    }

    /** How long it has been there, for people: {@code 2 min 3 sec}. */
    public String getAge() {
        return Util.getTimeSpanString(Duration.between(since, Instant.now()).toMillis());
    }

    @Exported
    public String getState() {
        return state;
    }
}
