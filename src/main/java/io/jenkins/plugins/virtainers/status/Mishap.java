package io.jenkins.plugins.virtainers.status;

import java.time.Instant;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** One thing that went wrong. */
@ExportedBean(defaultVisibility = 3)
public final class Mishap {
    private final Instant time;
    private final String agent;
    private final String template;
    private final String host;
    private final String sentence;

    public Mishap(Instant time, String agent, String template, String host, String sentence) {
        this.time = time;
        this.agent = agent;
        this.template = template;
        this.host = host;
        this.sentence = sentence;
    }

    @Exported
    public String getTime() {
        return time.toString();
    }

    @Exported
    public String getAgent() {
        return agent;
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
    public String getSentence() {
        return sentence;
    }
}
