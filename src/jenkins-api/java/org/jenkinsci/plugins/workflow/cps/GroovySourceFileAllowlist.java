package org.jenkinsci.plugins.workflow.cps;

public abstract class GroovySourceFileAllowlist implements hudson.ExtensionPoint {
    public GroovySourceFileAllowlist() {}

    public abstract boolean isAllowed(java.lang.String p0);

    public static java.util.List<org.jenkinsci.plugins.workflow.cps.GroovySourceFileAllowlist> all() {
        throw new UnsupportedOperationException();
    }
}
