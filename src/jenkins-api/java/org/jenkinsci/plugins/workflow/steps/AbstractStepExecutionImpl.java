package org.jenkinsci.plugins.workflow.steps;

public abstract class AbstractStepExecutionImpl extends org.jenkinsci.plugins.workflow.steps.StepExecution {
    protected AbstractStepExecutionImpl(org.jenkinsci.plugins.workflow.steps.StepContext p0) {}

    public void onResume() {
        throw new UnsupportedOperationException();
    }
}
