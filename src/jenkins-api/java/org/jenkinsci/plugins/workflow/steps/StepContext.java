package org.jenkinsci.plugins.workflow.steps;

public abstract class StepContext implements java.io.Serializable {
    public abstract <T> T get(java.lang.Class<T> p0) throws java.io.IOException, java.lang.InterruptedException;

    public abstract org.jenkinsci.plugins.workflow.steps.BodyInvoker newBodyInvoker()
            throws java.lang.IllegalStateException;
}
