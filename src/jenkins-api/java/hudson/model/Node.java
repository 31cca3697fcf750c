package hudson.model;

public abstract class Node extends hudson.model.AbstractModelObject
        implements hudson.model.ReconfigurableDescribable<hudson.model.Node>,
                hudson.ExtensionPoint,
                hudson.security.AccessControlled,
                jenkins.util.io.OnMaster,
                hudson.model.PersistenceRoot {
    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getSearchUrl() {
        throw new UnsupportedOperationException();
    }

    public abstract java.lang.String getNodeName();

    public abstract void setNodeName(java.lang.String p0);

    public abstract java.lang.String getNodeDescription();

    public abstract hudson.Launcher createLauncher(hudson.model.TaskListener p0);

    public abstract int getNumExecutors();

    public abstract hudson.model.Node.Mode getMode();

    public final hudson.model.Computer toComputer() {
        throw new UnsupportedOperationException();
    }

    protected abstract hudson.model.Computer createComputer();

    public java.util.Set<hudson.model.labels.LabelAtom> getAssignedLabels() {
        throw new UnsupportedOperationException();
    }

    public abstract java.lang.String getLabelString();

    public void setLabelString(java.lang.String p0) throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    public hudson.slaves.OfflineCause getTemporaryOfflineCause() {
        throw new UnsupportedOperationException();
    }

    public hudson.model.queue.CauseOfBlockage canTake(hudson.model.Queue.Task p0) {
        throw new UnsupportedOperationException();
    }

    public hudson.model.queue.CauseOfBlockage canTake(hudson.model.Queue.BuildableItem p0) {
        throw new UnsupportedOperationException();
    }

    public abstract hudson.FilePath getWorkspaceFor(hudson.model.TopLevelItem p0);

    public abstract hudson.FilePath getRootPath();

    public abstract hudson.util.DescribableList<hudson.slaves.NodeProperty<?>, hudson.slaves.NodePropertyDescriptor>
            getNodeProperties();

    public java.util.List<hudson.slaves.NodePropertyDescriptor> getNodePropertyDescriptors() {
        throw new UnsupportedOperationException();
    }

    public hudson.security.ACL getACL() {
        throw new UnsupportedOperationException();
    }

    public abstract hudson.slaves.NodeDescriptor getDescriptor();

    public abstract hudson.remoting.Callable<hudson.util.ClockDifference, java.io.IOException>
            getClockDifferenceCallable();

    public java.io.File getRootDir() {
        throw new UnsupportedOperationException();
    }

    public enum Mode {
        NORMAL,
        EXCLUSIVE;

        public java.lang.String getDescription() {
            throw new UnsupportedOperationException();
        }
    }
}
