package io.jenkins.plugins.virtainers.waiting;

import hudson.model.Queue;
import hudson.model.TaskListener;
import java.io.IOException;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/** A pipeline has a log long before it has an agent. */
@OptionalExtension(requirePlugins = "workflow-api")
public class WaitingPipelines implements WaitingBuilds {
    private static final Logger LOGGER = Logger.getLogger(WaitingPipelines.class.getName());

    @Override
    public Optional<TaskListener> log(Queue.Task task) {
        if (!(task.getOwnerExecutable() instanceof FlowExecutionOwner.Executable pipeline)) {
            return Optional.empty();
        }
        FlowExecutionOwner owner = pipeline.asFlowExecutionOwner();
        if (owner == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(owner.getListener());
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "The log of " + owner, e);
            return Optional.empty();
        }
    }
}
