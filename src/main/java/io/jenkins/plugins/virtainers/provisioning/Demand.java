package io.jenkins.plugins.virtainers.provisioning;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Computer;
import hudson.model.Executor;
import hudson.model.Label;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.Run;
import io.jenkins.plugins.virtainers.PipelineTemplates;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.agent.VirtainerAgent;
import io.jenkins.plugins.virtainers.waiting.Admission;
import io.jenkins.plugins.virtainers.waiting.Builds;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/** What a label lacks. */
final class Demand {
    private static final Logger LOGGER = Logger.getLogger(Demand.class.getName());

    private Demand() {}

    /**
     * Executors that builds wait for and that nobody is about to provide.
     *
     * @param whose builds are counted
     * @param coming agents that have their place, and perhaps no node yet
     */
    static int missing(@CheckForNull Label label, Predicate<Queue.Task> whose, Collection<Place> coming) {
        AtomicInteger waiting = new AtomicInteger();
        AtomicInteger provided = new AtomicInteger();
        // Between two maintenances of the queue: within one, a build may be waiting and have its executor already.
        Queue.withLock(() -> {
            List<Queue.Task> tasks = waiting(label).filter(whose).toList();
            waiting.set(tasks.size());
            provided.set(provided(label, tasks, coming));
        });
        int planned = (label == null ? Jenkins.get().unlabeledNodeProvisioner : label.nodeProvisioner)
                .getPendingLaunches().stream()
                        .mapToInt(plan -> plan.numExecutors)
                        .sum();
        int missing = missing(waiting.get(), provided.get(), planned);
        LOGGER.log(Level.FINE, "{0}: {1} waiting, {2} provided, {3} planned: {4} missing", new Object[] {
            label == null ? "no label" : label, waiting, provided, planned, missing
        });
        return missing;
    }

    /** What each cloud's agents provide to those of the tasks that they are for, and everybody else to all. */
    private static int provided(@CheckForNull Label label, List<Queue.Task> tasks, Collection<Place> coming) {
        Map<String, Integer> byCloud = new HashMap<>();
        int others = serves(Jenkins.get(), label) ? provides(Jenkins.get()) : 0;
        for (Node node : Jenkins.get().getNodes()) {
            if (!serves(node, label)) {
                continue;
            }
            if (node instanceof VirtainerAgent agent) {
                byCloud.merge(agent.getCloudName(), provides(agent), Integer::sum);
            } else {
                others += provides(node);
            }
        }
        coming.stream()
                .filter(place -> place.serves(label)
                        && Jenkins.get().getNode(place.claim().agent()) == null)
                .forEach(place -> byCloud.merge(place.cloud().name, place.executors(), Integer::sum));
        return others
                + byCloud.entrySet().stream()
                        .mapToInt(of -> Math.min(of.getValue(), admitted(of.getKey(), tasks)))
                        .sum();
    }

    private static int admitted(String cloud, List<Queue.Task> tasks) {
        return VirtainerCloud.find(cloud)
                .map(found -> (int) tasks.stream()
                        .filter(task -> Admission.admits(found, task))
                        .count())
                .orElse(tasks.size());
    }

    /** What was given its executor waits no more, although it is in the queue until that executor begins. */
    static Stream<Queue.Task> waiting(@CheckForNull Label label) {
        Optional<String> only =
                label == null ? Optional.empty() : PipelineTemplates.get().buildOf(label);
        return Queue.getInstance().getBuildableItems().stream()
                .filter(item -> !item.isPending())
                // No machine that one build brought is made for another that knows its label.
                .filter(item -> only.isEmpty() || only.equals(Builds.idOf(item.task)))
                .flatMap(item -> item.task.getSubTasks().stream()
                        .filter(part -> Objects.equals(item.getAssignedLabelFor(part), label))
                        .map(part -> item.task));
    }

    private static boolean serves(Node node, @CheckForNull Label label) {
        return label == null ? node.getMode() == Node.Mode.NORMAL : label.matches(node);
    }

    /** Executors that are free, or will be once the node is there or their build is gone. */
    private static int provides(Node node) {
        Computer computer = node.toComputer();
        if (node instanceof VirtainerAgent agent) {
            if (agent.isRetiring() || agent.isSpent() || agent.isSetAside() || agent.isOutOfReach()) {
                // After a restart of the controller, only the agent itself knows that it takes no more.
                return 0;
            }
            if (agent.isUnused()) {
                // However far it is: no state of its computer may hide it for a moment, and have another made.
                return agent.getNumExecutors() - (computer == null ? 0 : taken(computer));
            }
        }
        if (computer == null) {
            return 0;
        }
        if (computer.isOnline()) {
            return computer.isAcceptingTasks() ? computer.countExecutors() - taken(computer) : 0;
        }
        return computer.isConnecting() ? computer.getNumExecutors() : 0;
    }

    private static int taken(Computer computer) {
        return (int) computer.getExecutors().stream()
                .filter(executor -> executor.isBusy() && !isEnding(executor))
                .count();
    }

    /** A build that is over leaves its executor a moment later; who saw its end may have begun the next already. */
    private static boolean isEnding(Executor executor) {
        return executor.getCurrentExecutable() instanceof Run<?, ?> build && !build.isLogUpdated();
    }

    static int missing(int waiting, int provided, int planned) {
        return waiting - provided - planned;
    }
}
