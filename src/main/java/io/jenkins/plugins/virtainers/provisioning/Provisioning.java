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
import io.jenkins.plugins.virtainers.waiting.Admission;
import io.jenkins.plugins.virtainers.waiting.BuildLogs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
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

    /** Held while counting and finding places, never over a call of others; taken before the queue's lock, never after it. */
    private final Lock counting = new ReentrantLock();

    /** Places whose agents have no node yet. */
    private final Set<Place> coming = ConcurrentHashMap.newKeySet();

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
        for (VirtainerCloud cloud : VirtainerCloud.clouds()) {
            add(cloud, label);
        }
        tellWhoIsRefused(label);
        return Demand.missing(label, any -> true, coming) <= 0;
    }

    private int missing(VirtainerCloud cloud, @CheckForNull Label label) {
        return Demand.missing(label, task -> Admission.admits(cloud, task), coming);
    }

    private void add(VirtainerCloud cloud, @CheckForNull Label label) {
        if (cloud.serving(label).isEmpty()) {
            return;
        }
        int missing = missing(cloud, label);
        if (missing <= 0 || isVetoed(cloud, label, missing)) {
            return;
        }
        Placement.Found found = find(cloud, label);
        Stream.concat(
                        make(cloud, label, found.places(), any -> {}).stream().map(Placement.Outcome::reason),
                        found.whyNotMore().stream())
                .filter(why -> !why.isEmpty())
                .forEach(why -> BuildLogs.get().tell(label, task -> Admission.admits(cloud, task), why));
    }

    private static boolean isVetoed(VirtainerCloud cloud, @CheckForNull Label label, int missing) {
        Cloud.CloudState state = new Cloud.CloudState(label, 0);
        AtomicBoolean vetoed = new AtomicBoolean();
        tell(listener -> {
            if (listener.canProvision(cloud, state, missing) != null) {
                vetoed.set(true);
            }
        });
        return vetoed.get();
    }

    /** Finds places for what is missing by now; who has asked meanwhile has had them counted. */
    private Placement.Found find(VirtainerCloud cloud, @CheckForNull Label label) {
        return find(() -> Placement.find(cloud, label, missing(cloud, label)), Placement.Found::places);
    }

    private <T> T find(Supplier<T> search, Function<T, List<Place>> places) {
        counting.lock();
        try {
            T found = search.get();
            coming.addAll(places.apply(found));
            return found;
        } finally {
            counting.unlock();
        }
    }

    /** Builds that ask for a label which is offered, but not to them. */
    private static void tellWhoIsRefused(@CheckForNull Label label) {
        List<VirtainerCloud> serving = VirtainerCloud.clouds().stream()
                .filter(cloud -> !cloud.serving(label).isEmpty())
                .toList();
        serving.stream()
                .findFirst()
                .ifPresent(cloud -> Demand.waiting(label)
                        .filter(task -> serving.stream().noneMatch(other -> Admission.admits(other, task)))
                        .distinct()
                        .forEach(task -> Admission.refusal(cloud, task)
                                .ifPresent(why -> BuildLogs.get().tell(label, task::equals, why))));
    }

    /** Adds the agents that templates want ready beyond what builds take. */
    public void topUp() {
        for (VirtainerCloud cloud : VirtainerCloud.clouds()) {
            for (VirtainerTemplate template : cloud.offers()) {
                make(cloud, null, find(() -> findReady(cloud, template), Function.identity()), any -> {});
            }
        }
    }

    private List<Place> findReady(VirtainerCloud cloud, VirtainerTemplate template) {
        List<Place> places = new ArrayList<>();
        // Before those that have nodes: one that gets its node now counts twice, and never not at all.
        long onTheirWay = coming.stream()
                .filter(place -> place.template().key().equals(template.key())
                        && place.cloud().name.equals(cloud.name)
                        && VirtainerAgent.find(place.claim().agent()).isEmpty())
                .count();
        for (long missing = Readiness.missing(cloud, template) - onTheirWay; missing > 0; missing--) {
            Optional<Place> place = Placement.find(cloud, template).value();
            if (place.isEmpty()) {
                break;
            }
            places.add(place.get());
        }
        return places;
    }

    /** Adds one agent that somebody asked for by hand. */
    Placement.Outcome<VirtainerAgent> addOne(VirtainerCloud cloud, VirtainerTemplate template) {
        Placement.Outcome<Place> outcome = find(
                () -> Placement.find(cloud, template),
                found -> found.value().stream().toList());
        return outcome.value()
                .map(place -> make(cloud, null, List.of(place), VirtainerAgent::askedForByHand)
                        .get(0))
                .orElseGet(() -> Placement.Outcome.refused(outcome.reason()));
    }

    /** What Jenkins' own strategy asks for: it gives the agents their nodes itself. */
    Collection<NodeProvisioner.PlannedNode> provision(VirtainerCloud cloud, @CheckForNull Label label, int executors) {
        // It counts builds that no agent of the cloud is for.
        Placement.Found found = find(
                () -> Placement.find(cloud, label, Math.min(executors, missing(cloud, label))),
                Placement.Found::places);
        List<NodeProvisioner.PlannedNode> planned = new ArrayList<>();
        for (Place place : found.places()) {
            try {
                Placement.make(place).value().map(AgentKind.current()::plan).ifPresent(planned::add);
            } finally {
                coming.remove(place);
            }
        }
        return planned;
    }

    /**
     * Gives places their agents, and those their nodes. Under no lock, for listeners and disks take their time.
     *
     * @param first done with each agent before it has a node
     * @return what came of each
     */
    private List<Placement.Outcome<VirtainerAgent>> make(
            VirtainerCloud cloud, @CheckForNull Label label, List<Place> places, Consumer<VirtainerAgent> first) {
        try {
            List<Placement.Outcome<VirtainerAgent>> made =
                    places.stream().map(Placement::make).toList();
            List<PlannedNode> planned = made.stream()
                    .flatMap(outcome -> outcome.value().stream())
                    .map(agent -> new PlannedNode(agent, AgentKind.current().plan(agent)))
                    .toList();
            if (!planned.isEmpty()) {
                tell(listener -> listener.onStarted(
                        cloud, label, planned.stream().map(PlannedNode::plan).toList()));
            }
            planned.forEach(one -> {
                first.accept(one.agent());
                add(one);
            });
            return made;
        } finally {
            places.forEach(coming::remove);
        }
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
