package io.jenkins.plugins.virtainers.agent;

import hudson.Extension;
import hudson.model.Executor;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import io.jenkins.plugins.virtainers.waiting.BuildLogs;
import java.util.List;

/** Says in a build's log what machine it got; a build that had no log while it waited learns here how that booted. */
@Extension
public class BootSummary extends RunListener<Run<?, ?>> {
    @Override
    public void onStarted(Run<?, ?> run, TaskListener listener) {
        Executor executor = run.getExecutor();
        if (executor == null || !(executor.getOwner() instanceof VirtainerComputer computer)) {
            return;
        }
        VirtainerAgent agent = computer.getNode();
        if (agent == null) {
            return;
        }
        BuildLogs.get().began(run, listener);
        listener.getLogger()
                .println("Machine %s: %s on %s%s"
                        .formatted(agent.getNodeName(), agent.getImage(), agent.getHostUri(), bootOf(agent)));
    }

    @Override
    public void onCompleted(Run<?, ?> run, TaskListener listener) {
        BuildLogs.get().ended(run);
    }

    private static String bootOf(VirtainerAgent agent) {
        List<BootStep> steps = agent.bootSteps();
        if (steps.isEmpty()) {
            return "";
        }
        BootStep last = steps.get(steps.size() - 1);
        return ", ready after %.1f s".formatted((last.getAtMillis() + last.getTookMillis()) / 1000.0);
    }
}
