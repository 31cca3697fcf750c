package org.jenkinsci.plugins.workflow.flow;

public abstract class FlowExecutionOwner implements java.io.Serializable {
    public hudson.model.TaskListener getListener() throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    public interface Executable extends hudson.model.Queue.Executable {
        org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner asFlowExecutionOwner();
    }
}
