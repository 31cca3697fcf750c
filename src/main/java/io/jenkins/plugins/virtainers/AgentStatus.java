package io.jenkins.plugins.virtainers;

import hudson.Util;
import hudson.model.Computer;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** How an agent of a cloud is doing, for pages and the REST API. */
@ExportedBean(defaultVisibility = 3)
public final class AgentStatus {
    private final VirtainerAgent agent;

    private AgentStatus(VirtainerAgent agent) {
        this.agent = agent;
    }

    static List<AgentStatus> of(VirtainerCloud cloud) {
        return Fleet.agents()
                .filter(agent -> agent.getCloudName().equals(cloud.name))
                .sorted(Comparator.comparing(VirtainerAgent::since))
                .map(AgentStatus::new)
                .toList();
    }

    @Exported
    public String getName() {
        return agent.getNodeName();
    }

    public String getUrl() {
        return "computer/" + Util.rawEncode(agent.getNodeName()) + "/";
    }

    @Exported
    public String getTemplate() {
        return agent.getTemplateName();
    }

    @Exported
    public String getHost() {
        return agent.getHostUri();
    }

    @Exported
    public String getSince() {
        return agent.since().toString();
    }

    /** How long it has been there, for people: {@code 2 min 3 sec}. */
    public String getAge() {
        return Util.getTimeSpanString(
                Duration.between(agent.since(), Instant.now()).toMillis());
    }

    /** For people: {@code booting}, {@code idle}, {@code building}, {@code offline}, {@code leaving}. */
    @Exported
    public String getState() {
        Computer computer = agent.toComputer();
        if (agent.isRetiring()) {
            return "leaving";
        }
        if (agent.isBooting()) {
            return "booting";
        }
        if (computer == null || computer.isOffline()) {
            return "offline";
        }
        return computer.isIdle() ? "idle" : "building";
    }
}
