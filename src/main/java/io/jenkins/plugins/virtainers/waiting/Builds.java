package io.jenkins.plugins.virtainers.waiting;

import hudson.model.Queue;
import hudson.model.Run;
import java.util.Optional;

/** Which build it is that wants an executor. */
public final class Builds {
    private Builds() {}

    /** As {@link Run#getExternalizableId} has it; empty where a task is of no build that has begun. */
    public static Optional<String> idOf(Queue.Task task) {
        return task.getOwnerExecutable() instanceof Run<?, ?> build
                ? Optional.of(build.getExternalizableId())
                : Optional.empty();
    }
}
