package io.jenkins.plugins.virtainers.agent;

import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/** Which agents are ready for builds to come, and are to be. */
public final class Readiness {
    private Readiness() {}

    /** How many of a template are missing. */
    public static int missing(VirtainerCloud cloud, VirtainerTemplate template) {
        int wanted = template.life().readyAgents();
        return wanted == 0 || Jenkins.get().isQuietingDown()
                ? 0
                : wanted - (int) unused(cloud.name, template.key()).count();
    }

    /** Whether this agent is one of those that its template wants ready: the oldest are. */
    static boolean keeps(VirtainerAgent agent) {
        Optional<VirtainerTemplate> template = agent.template();
        if (template.isEmpty() || template.get().life().readyAgents() == 0) {
            return false;
        }
        List<VirtainerAgent> oldest = unused(agent.getCloudName(), agent.templateId())
                .sorted(Comparator.comparing(VirtainerAgent::since))
                .limit(template.get().life().readyAgents())
                .toList();
        return oldest.contains(agent);
    }

    private static Stream<VirtainerAgent> unused(String cloud, String template) {
        return VirtainerAgent.all()
                .filter(agent -> agent.getCloudName().equals(cloud)
                        && agent.templateId().equals(template)
                        && agent.isUnused()
                        && !agent.isSetAside()
                        && !agent.isOutOfReach()
                        && !agent.isRetiring());
    }
}
