package hudson.model;

public abstract class Slave extends hudson.model.Node implements java.io.Serializable {
    public void save() throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getRemoteFS() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getNodeName() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String toString() {
        throw new UnsupportedOperationException();
    }

    public void setNodeName(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }

    public void setNodeDescription(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getNodeDescription() {
        throw new UnsupportedOperationException();
    }

    public int getNumExecutors() {
        throw new UnsupportedOperationException();
    }

    public void setNumExecutors(int p0) {
        throw new UnsupportedOperationException();
    }

    public hudson.model.Node.Mode getMode() {
        throw new UnsupportedOperationException();
    }

    public void setMode(hudson.model.Node.Mode p0) {
        throw new UnsupportedOperationException();
    }

    public hudson.util.DescribableList<hudson.slaves.NodeProperty<?>, hudson.slaves.NodePropertyDescriptor>
            getNodeProperties() {
        throw new UnsupportedOperationException();
    }

    public void setNodeProperties(java.util.List<? extends hudson.slaves.NodeProperty<?>> p0)
            throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    public void setRetentionStrategy(hudson.slaves.RetentionStrategy p0) {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getLabelString() {
        throw new UnsupportedOperationException();
    }

    public void setLabelString(java.lang.String p0) throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    public hudson.remoting.Callable<hudson.util.ClockDifference, java.io.IOException> getClockDifferenceCallable() {
        throw new UnsupportedOperationException();
    }

    public hudson.model.Computer createComputer() {
        throw new UnsupportedOperationException();
    }

    public hudson.FilePath getWorkspaceFor(hudson.model.TopLevelItem p0) {
        throw new UnsupportedOperationException();
    }

    public hudson.FilePath getRootPath() {
        throw new UnsupportedOperationException();
    }

    public hudson.Launcher createLauncher(hudson.model.TaskListener p0) {
        throw new UnsupportedOperationException();
    }

    public hudson.slaves.SlaveComputer getComputer() {
        throw new UnsupportedOperationException();
    }

    public boolean equals(java.lang.Object p0) {
        throw new UnsupportedOperationException();
    }

    public int hashCode() {
        throw new UnsupportedOperationException();
    }

    public hudson.model.Slave.SlaveDescriptor getDescriptor() {
        throw new UnsupportedOperationException();
    }

    public static final class JnlpJar implements org.kohsuke.stapler.HttpResponse {
        public JnlpJar(java.lang.String p0) {}

        public byte[] readFully() throws java.io.IOException {
            throw new UnsupportedOperationException();
        }
    }

    public abstract static class SlaveDescriptor extends hudson.slaves.NodeDescriptor {
        public SlaveDescriptor() {}
    }
}
