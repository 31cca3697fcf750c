package org.jenkinsci.plugins.workflow.steps;

public abstract class BodyInvoker {
    public abstract org.jenkinsci.plugins.workflow.steps.BodyInvoker withContext(java.lang.Object p0);

    public abstract org.jenkinsci.plugins.workflow.steps.BodyInvoker withCallback(
            org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback p0);

    public abstract org.jenkinsci.plugins.workflow.steps.BodyExecution start();
}
