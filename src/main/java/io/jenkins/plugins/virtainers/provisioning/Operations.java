package io.jenkins.plugins.virtainers.provisioning;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.Computer;
import hudson.model.Failure;
import hudson.model.Label;
import hudson.slaves.NodeProvisioner;
import io.jenkins.plugins.virtainers.CloudOperations;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.agent.VirtainerAgent;
import io.jenkins.plugins.virtainers.fleet.Pauses;
import io.jenkins.plugins.virtainers.fleet.Reviews;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import jenkins.util.Timer;

/** What those below ask for without knowing who does it. */
@Extension
public final class Operations implements CloudOperations, Reviews {
    @Override
    public Collection<NodeProvisioner.PlannedNode> provision(
            VirtainerCloud cloud, @CheckForNull Label label, int executors) {
        return Provisioning.get().provision(cloud, label, executors);
    }

    @Override
    public String addAgent(VirtainerCloud cloud, VirtainerTemplate template) {
        Placement.Outcome<VirtainerAgent> outcome = Provisioning.get().addOne(cloud, template);
        return outcome.value().orElseThrow(() -> new Failure(outcome.reason())).getNodeName();
    }

    @Override
    public void disable(VirtainerCloud cloud, Duration duration, String reason) {
        Pauses.get().disable(cloud.name, duration, reason);
        whenPausesEnd();
    }

    @Override
    public void enable(VirtainerCloud cloud) {
        Pauses.get().enable(cloud.name);
        soon();
    }

    @Override
    public void soon() {
        Provisioning.get().reviewAll();
    }

    @Override
    public void whenPausesEnd() {
        Pauses.get()
                .nextEnd()
                .ifPresent(wait -> Timer.get().schedule(this::soon, wait.toMillis() + 1, TimeUnit.MILLISECONDS));
    }

    @Override
    public void ofReadyAgents() {
        if (VirtainerCloud.clouds().stream()
                .flatMap(cloud -> cloud.offers().stream())
                .anyMatch(template -> template.life().readyAgents() > 0)) {
            Computer.threadPoolForRemoting.submit(() -> Provisioning.get().topUp());
        }
    }
}
