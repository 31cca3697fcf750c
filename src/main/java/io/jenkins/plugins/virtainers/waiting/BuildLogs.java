package io.jenkins.plugins.virtainers.waiting;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Computer;
import hudson.model.Executor;
import hudson.model.Label;
import hudson.model.Queue;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Tells builds that wait for an agent how it is getting on. Safe for use by several threads. */
@Extension
public final class BuildLogs {
    public static BuildLogs get() {
        return ExtensionList.lookupSingleton(BuildLogs.class);
    }

    private final Set<Long> following = new HashSet<>();
    private final Map<Long, String> lastTold = new HashMap<>();
    private final Map<Run<?, ?>, TaskListener> running = new ConcurrentHashMap<>();

    /** A build that follows the boot of one agent, and of no other at the same time. */
    public final class Follower {
        private final long item;
        private final TaskListener log;

        private Follower(long item, TaskListener log) {
            this.item = item;
            this.log = log;
        }

        public void tell(String sentence) {
            log.getLogger().println(sentence);
        }

        public void leave() {
            synchronized (following) {
                following.remove(item);
            }
        }
    }

    /**
     * The build that waits longest for such an agent and follows none yet.
     *
     * @param fits what may run on the agent
     * @param news told to it first
     */
    public Optional<Follower> follow(Predicate<Queue.Item> fits, String news) {
        for (Queue.BuildableItem item : Queue.getInstance().getBuildableItems()) {
            Optional<TaskListener> log = fits.test(item) ? logOf(item.task) : Optional.empty();
            if (log.isEmpty()) {
                continue;
            }
            synchronized (following) {
                if (!following.add(item.getId())) {
                    continue;
                }
            }
            Follower follower = new Follower(item.getId(), log.get());
            follower.tell(news);
            return Optional.of(follower);
        }
        return Optional.empty();
    }

    private static Optional<TaskListener> logOf(Queue.Task task) {
        return ExtensionList.lookup(WaitingBuilds.class).stream()
                .flatMap(logs -> logs.log(task).stream())
                .findFirst();
    }

    /**
     * Tells builds that wait for a label why they wait, unless they heard that last.
     *
     * @param whom of them
     */
    public void tell(@CheckForNull Label label, Predicate<Queue.Task> whom, String sentence) {
        for (Queue.BuildableItem item : Queue.getInstance().getBuildableItems()) {
            if (Objects.equals(label, item.getAssignedLabel()) && whom.test(item.task) && isNews(item, sentence)) {
                logOf(item.task).ifPresent(log -> log.getLogger().println("Waiting for an agent. " + sentence));
            }
        }
    }

    /** Has builds that wait for such an agent wait no more; they hear why, and end as those do that somebody cancels. */
    public void giveUp(Predicate<Queue.Item> fits, String sentence) {
        for (Queue.BuildableItem item : Queue.getInstance().getBuildableItems()) {
            if (item.getAssignedLabel() != null && fits.test(item)) {
                logOf(item.task)
                        .ifPresent(log ->
                                log.getLogger().println("No agent can come, so this build waits no more. " + sentence));
                Queue.getInstance().cancel(item);
            }
        }
    }

    /** A build began on an agent, with this log. */
    public void began(Run<?, ?> build, TaskListener log) {
        running.put(build, log);
    }

    /** A build is over. */
    public void ended(Run<?, ?> build) {
        running.remove(build);
    }

    /** Tells builds that run on an agent what becomes of it. */
    public void tellThoseOn(Computer computer, String sentence) {
        for (Executor executor : computer.getExecutors()) {
            logOf(executor.getCurrentExecutable())
                    .ifPresent(log -> log.getLogger().println(sentence));
        }
    }

    private Optional<TaskListener> logOf(@CheckForNull Queue.Executable executable) {
        if (executable instanceof Run<?, ?> build) {
            return Optional.ofNullable(running.get(build));
        }
        return executable != null && executable.getParent() instanceof Queue.Task task ? logOf(task) : Optional.empty();
    }

    /** Counts and times change all the time and are no news. */
    private boolean isNews(Queue.Item item, String sentence) {
        String essence = sentence.replaceAll("[0-9:]+", "");
        synchronized (lastTold) {
            lastTold.keySet().removeIf(id -> Queue.getInstance().getItem(id) == null);
            return !essence.equals(lastTold.put(item.getId(), essence));
        }
    }
}
