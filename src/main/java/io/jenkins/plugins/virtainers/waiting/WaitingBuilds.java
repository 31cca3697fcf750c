package io.jenkins.plugins.virtainers.waiting;

import hudson.ExtensionPoint;
import hudson.model.Queue;
import hudson.model.TaskListener;
import java.util.Optional;

/** Knows the logs of builds that wait in the queue or have an executor, for one kind of build. */
public interface WaitingBuilds extends ExtensionPoint {
    /**
     * The log of the build that wants, or has, something done on an executor.
     *
     * @return empty when it has none yet, or is of another kind
     */
    Optional<TaskListener> log(Queue.Task task);
}
