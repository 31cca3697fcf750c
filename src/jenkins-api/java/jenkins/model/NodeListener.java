package jenkins.model;

public abstract class NodeListener implements hudson.ExtensionPoint {
    public NodeListener() {}

    protected void onDeleted(hudson.model.Node p0) {
        throw new UnsupportedOperationException();
    }

    public static java.util.List<jenkins.model.NodeListener> all() {
        throw new UnsupportedOperationException();
    }
}
