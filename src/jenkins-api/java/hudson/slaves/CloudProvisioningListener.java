package hudson.slaves;

public abstract class CloudProvisioningListener implements hudson.ExtensionPoint {
    public hudson.model.queue.CauseOfBlockage canProvision(
            hudson.slaves.Cloud p0, hudson.slaves.Cloud.CloudState p1, int p2) {
        throw new UnsupportedOperationException();
    }

    public void onStarted(
            hudson.slaves.Cloud p0,
            hudson.model.Label p1,
            java.util.Collection<hudson.slaves.NodeProvisioner.PlannedNode> p2) {
        throw new UnsupportedOperationException();
    }

    public void onComplete(hudson.slaves.NodeProvisioner.PlannedNode p0, hudson.model.Node p1) {
        throw new UnsupportedOperationException();
    }

    public void onCommit(hudson.slaves.NodeProvisioner.PlannedNode p0, hudson.model.Node p1) {
        throw new UnsupportedOperationException();
    }

    public void onRollback(hudson.slaves.NodeProvisioner.PlannedNode p0, hudson.model.Node p1, java.lang.Throwable p2) {
        throw new UnsupportedOperationException();
    }

    public static hudson.ExtensionList<hudson.slaves.CloudProvisioningListener> all() {
        throw new UnsupportedOperationException();
    }
}
