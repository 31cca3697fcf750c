package io.jenkins.plugins.virtainers.waiting;

import hudson.model.Item;
import hudson.model.Queue;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import java.util.Optional;

/** Which builds the agents of a cloud are for, however they ask for them: by label, by name or by a pipeline's step. */
public final class Admission {
    private Admission() {}

    /** Why no agent of this cloud may run it, in a sentence; empty where one may. */
    public static Optional<String> refusal(VirtainerCloud cloud, Queue.Task task) {
        return cloud.policy().refusalOfJob(cloud.name, jobOf(task));
    }

    public static boolean admits(VirtainerCloud cloud, Queue.Task task) {
        return refusal(cloud, task).isEmpty();
    }

    /** What a step of a pipeline wants done is of the pipeline's job. What is of no job has a name that no pattern has. */
    private static String jobOf(Queue.Task task) {
        return task.getOwnerTask() instanceof Item job ? job.getFullName() : "";
    }
}
