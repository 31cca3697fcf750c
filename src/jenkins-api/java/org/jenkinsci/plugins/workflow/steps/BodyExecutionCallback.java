package org.jenkinsci.plugins.workflow.steps;

public abstract class BodyExecutionCallback implements java.io.Serializable {
    public abstract void onSuccess(org.jenkinsci.plugins.workflow.steps.StepContext p0, java.lang.Object p1);

    public abstract void onFailure(org.jenkinsci.plugins.workflow.steps.StepContext p0, java.lang.Throwable p1);

    public abstract static class TailCall extends org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback {
        public TailCall() {}

        protected abstract void finished(org.jenkinsci.plugins.workflow.steps.StepContext p0)
                throws java.lang.Exception;

        public final void onSuccess(org.jenkinsci.plugins.workflow.steps.StepContext p0, java.lang.Object p1) {
            throw new UnsupportedOperationException();
        }

        public void onFailure(org.jenkinsci.plugins.workflow.steps.StepContext p0, java.lang.Throwable p1) {
            throw new UnsupportedOperationException();
        }
    }
}
