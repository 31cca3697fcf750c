package hudson.model;

public abstract class Label extends hudson.model.Actionable
        implements java.lang.Comparable<hudson.model.Label>, jenkins.model.ModelObjectWithChildren {
    public final hudson.slaves.NodeProvisioner nodeProvisioner;

    {
        nodeProvisioner = null;
    }

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getSearchUrl() {
        throw new UnsupportedOperationException();
    }

    public final boolean matches(java.util.Collection<hudson.model.labels.LabelAtom> p0) {
        throw new UnsupportedOperationException();
    }

    public final boolean matches(hudson.model.Node p0) {
        throw new UnsupportedOperationException();
    }

    public final int compareTo(hudson.model.Label p0) {
        throw new UnsupportedOperationException();
    }

    public static java.util.Set<hudson.model.labels.LabelAtom> parse(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }
}
