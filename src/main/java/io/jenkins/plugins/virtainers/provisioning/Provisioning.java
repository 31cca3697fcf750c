package io.jenkins.plugins.virtainers.provisioning;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Computer;
import hudson.model.Label;
import hudson.model.Queue;
import hudson.model.queue.QueueListener;
import hudson.slaves.Cloud;
import hudson.slaves.CloudProvisioningListener;
import hudson.slaves.NodeProvisioner;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.agent.AgentKind;
import io.jenkins.plugins.virtainers.agent.Readiness;
import io.jenkins.plugins.virtainers.agent.VirtainerAgent;
import io.jenkins.plugins.virtainers.fleet.Ledger;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * Gives builds agents at once. Jenkins' own strategy waits until a load has lasted, and its reviews come at most once a
 * second and with certainty only every ten; so this one looks whenever a build enters the queue, counts, and adds what is
 * missing itself. What it adds has a node from then on, and there is no other way by which a node is added, so none comes
 * twice.
 */
@Extension
public class Provisioning {
    private static final Logger LOGGER = Logger.getLogger(Provisioning.class.getName());

    /** Held while counting and adding; taken before the queue's lock, never after it. */
    private final Lock counting = new ReentrantLock();

    private final Set<Optional<Label>> asked = new HashSet<>();

    public static Provisioning get() {
        return ExtensionList.lookupSingleton(Provisioning.class);
    }

    /** Sees to a label soon, in another thread. May be called under any lock. */
    void review(@CheckForNull Label label) {
        synchronized (asked) {
            if (!asked.add(Optional.ofNullable(label))) {
                return;
            }
        }
        Computer.threadPoolForRemoting.submit(() -> {
            // A maintenance of the queue that runs now shows its results when it ends.
            Queue.withLock(() -> LOGGER.log(Level.FINEST, "Looking at the queue for {0}", label));
            synchronized (asked) {
                asked.remove(Optional.ofNullable(label));
            }
            try {
                meet(label);
            } catch (RuntimeException | LinkageError e) {
                // Nobody else sees what becomes of this thread's work.
                LOGGER.log(Level.WARNING, "Cannot provide agents for " + label, e);
            }
        });
    }

    /** Sees to every label that a build waits for. */
    void reviewAll() {
        Set<Optional<Label>> wanted = new HashSet<>();
        for (Queue.BuildableItem item : Queue.getInstance().getBuildableItems()) {
            wanted.add(Optional.ofNullable(item.getAssignedLabel()));
        }
        wanted.forEach(label -> review(label.orElse(null)));
    }

    /**
     * Adds the agents that a label lacks.
     *
     * @return whether it lacks none any more
     */
    boolean meet(@CheckForNull Label label) {
        Jenkins jenkins = Jenkins.get();
        if (jenkins.isQuietingDown()
                || jenkins.isTerminating()
                // Nobody else's label waits for the lock.
                || VirtainerCloud.clouds().stream()
                        .allMatch(cloud -> cloud.serving(label).isEmpty())) {
            return false;
        }
        counting.lock();
        try {
            int missing = Demand.missing(label);
            for (VirtainerCloud cloud : VirtainerCloud.clouds()) {
                if (missing <= 0) {
                    break;
                }
                missing -= add(cloud, label, missing);
            }
            return missing <= 0;
        } finally {
            counting.unlock();
        }
    }

    /** Adds the agents that templates want ready beyond what builds take. */
    public void topUp() {
        counting.lock();
        try {
            for (VirtainerCloud cloud : VirtainerCloud.clouds()) {
                for (VirtainerTemplate template : cloud.offers()) {
                    for (int missing = Readiness.missing(cloud, template); missing > 0; missing--) {
                        Optional<VirtainerAgent> agent =
                                Placement.place(cloud, template).agent();
                        if (agent.isEmpty()) {
                            break;
                        }
                        add(cloud, null, List.of(agent.get()));
                    }
                }
            }
        } finally {
            counting.unlock();
        }
    }

    /** Adds one agent that somebody asked for by hand. */
    Placement.Outcome addOne(VirtainerCloud cloud, VirtainerTemplate template) {
        counting.lock();
        try {
            Placement.Outcome outcome = Placement.place(cloud, template);
            outcome.agent().ifPresent(agent -> {
                agent.askedForByHand();
                add(cloud, null, List.of(agent));
            });
            return outcome;
        } finally {
            counting.unlock();
        }
    }

    private int add(VirtainerCloud cloud, @CheckForNull Label label, int missing) {
        Cloud.CloudState state = new Cloud.CloudState(label, 0);
        if (cloud.serving(label).isEmpty()) {
            return 0;
        }
        AtomicBoolean vetoed = new AtomicBoolean();
        tell(listener -> {
            if (listener.canProvision(cloud, state, missing) != null) {
                vetoed.set(true);
            }
        });
        return vetoed.get() ? 0 : add(cloud, label, Placement.place(cloud, label, missing));
    }

    /**
     * Gives enlisted agents their nodes.
     *
     * @return how many executors they have
     */
    int add(VirtainerCloud cloud, @CheckForNull Label label, List<VirtainerAgent> agents) {
        if (agents.isEmpty()) {
            return 0;
        }
        List<PlannedNode> planned = agents.stream()
                .map(agent -> new PlannedNode(agent, AgentKind.current().plan(agent)))
                .toList();
        tell(listener -> listener.onStarted(
                cloud, label, planned.stream().map(PlannedNode::plan).toList()));
        planned.forEach(Provisioning::add);
        return agents.stream().mapToInt(VirtainerAgent::getNumExecutors).sum();
    }

    /** An agent, and what listeners know it as. */
    private record PlannedNode(VirtainerAgent agent, NodeProvisioner.PlannedNode plan) {}

    private static void add(PlannedNode planned) {
        VirtainerAgent agent = planned.agent();
        tell(listener -> listener.onComplete(planned.plan(), agent));
        try {
            Jenkins.get().addNode(agent);
        } catch (IOException | RuntimeException | LinkageError e) {
            LOGGER.log(Level.WARNING, "Cannot add the node of agent " + agent.getNodeName(), e);
            Ledger.get().release(agent.getNodeName());
            tell(listener -> listener.onRollback(planned.plan(), agent, e));
            return;
        } finally {
            planned.plan().spent();
        }
        tell(listener -> listener.onCommit(planned.plan(), agent));
    }

    /** Whatever is wrong with one of them, the others hear it too, and agents come all the same. */
    private static void tell(Consumer<CloudProvisioningListener> word) {
        for (CloudProvisioningListener listener : CloudProvisioningListener.all()) {
            try {
                word.accept(listener);
            } catch (RuntimeException | LinkageError e) {
                LOGGER.log(Level.WARNING, "Listener " + listener.getClass().getName() + " failed", e);
            }
        }
    }

    /** Decides before Jenkins' own strategy, which agrees by having nothing left to decide. */
    @Extension(ordinal = 1000)
    public static class Strategy extends NodeProvisioner.Strategy {
        @NonNull
        @Override
        public NodeProvisioner.StrategyDecision apply(@NonNull NodeProvisioner.StrategyState state) {
            return get().meet(state.getLabel()) || isOursAlone(state.getLabel())
                    ? NodeProvisioner.StrategyDecision.PROVISIONING_COMPLETED
                    : NodeProvisioner.StrategyDecision.CONSULT_REMAINING_STRATEGIES;
        }
    }

    /** Whether nobody else could do more about a label than this did. */
    private static boolean isOursAlone(@CheckForNull Label label) {
        List<Cloud> able = Jenkins.get().clouds.stream()
                .filter(cloud -> cloud.canProvision(new Cloud.CloudState(label, 0)))
                .toList();
        return !able.isEmpty() && able.stream().allMatch(VirtainerCloud.class::isInstance);
    }

    /** Looks when a build enters the queue, and when one leaves it. */
    @Extension
    public static class Listener extends QueueListener {
        @Override
        public void onEnterBuildable(Queue.BuildableItem item) {
            if (!VirtainerCloud.clouds().isEmpty()) {
                get().review(item.getAssignedLabel());
            }
        }

        @Override
        public void onLeft(Queue.LeftItem item) {
            if (!VirtainerCloud.clouds().isEmpty()) {
                Surplus.dismissSoon();
            }
        }
    }
}
