package org.jenkinsci.plugins.workflow.steps;

public abstract class EnvironmentExpander implements java.io.Serializable {
    public static org.jenkinsci.plugins.workflow.steps.EnvironmentExpander constant(
            java.util.Map<java.lang.String, java.lang.String> p0) {
        throw new UnsupportedOperationException();
    }

    public static org.jenkinsci.plugins.workflow.steps.EnvironmentExpander merge(
            org.jenkinsci.plugins.workflow.steps.EnvironmentExpander p0,
            org.jenkinsci.plugins.workflow.steps.EnvironmentExpander p1) {
        throw new UnsupportedOperationException();
    }
}
