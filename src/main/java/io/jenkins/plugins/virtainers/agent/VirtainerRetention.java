package io.jenkins.plugins.virtainers.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Executor;
import hudson.model.ExecutorListener;
import hudson.model.OneOffExecutor;
import hudson.model.Queue;
import hudson.slaves.RetentionStrategy;
import io.jenkins.plugins.virtainers.cleanup.Disposals;
import io.jenkins.plugins.virtainers.fleet.Reviews;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jenkinsci.plugins.durabletask.executors.ContinuableExecutable;
import org.jenkinsci.plugins.durabletask.executors.ContinuedTask;

/**
 * How long an agent stays: until its last build is done, or until it was idle for too long. A build that goes on after a
 * restart of the controller is not done. Nothing here blocks, for the queue's lock is held.
 */
public class VirtainerRetention extends RetentionStrategy<VirtainerComputer> implements ExecutorListener {
    private final long idleMinutes;

    VirtainerRetention(long idleMinutes) {
        this.idleMinutes = idleMinutes;
    }

    @Override
    public void start(@NonNull VirtainerComputer computer) {
        VirtainerAgent agent = computer.getNode();
        if (agent != null && Disposals.get().awaits(agent.getNodeName())) {
            // The controller ended after it was decided to remove the machine, and before the node was gone.
            agent.retire("its machine is to be removed");
            return;
        }
        computer.connect(false);
    }

    @Override
    public long check(@NonNull VirtainerComputer computer) {
        VirtainerAgent agent = computer.getNode();
        if (agent == null || agent.isRetiring()) {
            return 1;
        }
        if (computer.isOffline() && !agent.isSetAside()) {
            if (!computer.isConnecting() && computer.isLaunchSupported()) {
                // Returns at once; the launch runs in a thread of its own.
                computer.connect(false);
            }
            return 1;
        }
        Instant now = Instant.now();
        Instant idleSince =
                idleSince(Instant.ofEpochMilli(computer.getIdleStartMilliseconds()), computer.launchEnded(), now);
        if (computer.isIdle() && isOver(idleSince, now) && !agent.isWantedReady()) {
            agent.retire("it was idle since " + idleSince);
        }
        return 1;
    }

    /**
     * Since when an agent could have had a build and had none. What its launch took does not count: a build that comes
     * back to it after a restart needs a moment to get here, however long its machine took.
     */
    static Instant idleSince(Instant withoutBuild, Optional<Instant> launchEnded, Instant now) {
        Instant able = launchEnded.orElse(now);
        return withoutBuild.isAfter(able) ? withoutBuild : able;
    }

    /** Whether an agent that is idle since then has been so for long enough. */
    boolean isOver(Instant idleSince, Instant now) {
        // A build that it was made for, or that comes back to it after a restart, needs a moment to get here.
        Duration allowed = Duration.ofMinutes(Math.max(1, idleMinutes));
        return !idleSince.plus(allowed).isAfter(now);
    }

    @Override
    public boolean isManualLaunchAllowed(VirtainerComputer computer) {
        return true;
    }

    @Override
    public void taskAccepted(Executor executor, Queue.Task task) {
        if (executor instanceof OneOffExecutor || !(executor.getOwner() instanceof VirtainerComputer computer)) {
            return;
        }
        VirtainerAgent agent = computer.getNode();
        if (agent == null) {
            return;
        }
        if (task instanceof ContinuedTask continued && continued.isContinued()) {
            agent.resumeBuild();
            return;
        }
        agent.takeBuild();
        if (agent.isSpent()) {
            computer.setAcceptingTasks(false);
        }
        // Whoever hoped for this agent too gets another now, not at the next turn.
        Reviews.get().soon();
        Reviews.get().ofReadyAgents();
    }

    @Override
    public void taskCompleted(Executor executor, Queue.Task task, long durationMillis) {
        completed(executor);
    }

    @Override
    public void taskCompletedWithProblems(Executor executor, Queue.Task task, long durationMillis, Throwable problems) {
        completed(executor);
    }

    private static void completed(Executor executor) {
        if (executor instanceof OneOffExecutor || !(executor.getOwner() instanceof VirtainerComputer computer)) {
            return;
        }
        if (executor.getCurrentExecutable() instanceof ContinuableExecutable continuable
                && continuable.willContinue()) {
            return;
        }
        VirtainerAgent agent = computer.getNode();
        if (agent == null) {
            return;
        }
        agent.finishBuild();
        if (agent.isSpent() && isLast(executor, computer)) {
            agent.retire("its last build is done");
        }
    }

    private static boolean isLast(Executor done, VirtainerComputer computer) {
        return computer.getExecutors().stream().noneMatch(executor -> executor != done && executor.isBusy());
    }
}
