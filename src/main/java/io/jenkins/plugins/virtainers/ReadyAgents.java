package io.jenkins.plugins.virtainers;

import hudson.Extension;
import hudson.model.AsyncPeriodicWork;
import hudson.model.Computer;
import hudson.model.TaskListener;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/** Keeps as many agents ready for builds to come as templates ask for. */
@Extension
public class ReadyAgents extends AsyncPeriodicWork {
    public ReadyAgents() {
        super("Virtainers: ready agents");
    }

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.SECONDS.toMillis(30);
    }

    @Override
    protected Level getNormalLoggingLevel() {
        return Level.FINE;
    }

    @Override
    protected void execute(TaskListener listener) {
        Provisioning.get().topUp();
    }

    /** Makes up for an agent that was just taken, in another thread. */
    static void topUpSoon() {
        if (Fleet.clouds().stream()
                .flatMap(cloud -> cloud.offers().stream())
                .anyMatch(template -> template.readyAgents() > 0)) {
            Computer.threadPoolForRemoting.submit(() -> Provisioning.get().topUp());
        }
    }

    /** How many of a template are missing. */
    static int missing(VirtainerCloud cloud, VirtainerTemplate template) {
        if (template.readyAgents() == 0 || Jenkins.get().isQuietingDown()) {
            return 0;
        }
        return template.readyAgents()
                - (int) unused(cloud.name, template.displayName()).count();
    }

    /** Whether this agent is one of those that its template wants ready: the oldest are. */
    static boolean keeps(VirtainerAgent agent) {
        Optional<VirtainerTemplate> template =
                Fleet.cloud(agent.getCloudName()).flatMap(cloud -> cloud.template(agent.getTemplateName()));
        if (template.isEmpty() || template.get().readyAgents() == 0) {
            return false;
        }
        List<VirtainerAgent> oldest = unused(agent.getCloudName(), agent.getTemplateName())
                .sorted(Comparator.comparing(VirtainerAgent::since))
                .limit(template.get().readyAgents())
                .toList();
        return oldest.contains(agent);
    }

    private static Stream<VirtainerAgent> unused(String cloud, String template) {
        return Fleet.agents()
                .filter(agent -> agent.getCloudName().equals(cloud)
                        && agent.getTemplateName().equals(template)
                        && agent.isUnused()
                        && !agent.isRetiring());
    }
}
