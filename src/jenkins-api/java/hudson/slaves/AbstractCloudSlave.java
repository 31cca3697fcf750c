package hudson.slaves;

public abstract class AbstractCloudSlave extends hudson.model.Slave {
    private static final java.util.logging.Logger LOGGER = null;

    protected AbstractCloudSlave(java.lang.String p0, java.lang.String p1, hudson.slaves.ComputerLauncher p2)
            throws hudson.model.Descriptor.FormException, java.io.IOException {}

    public abstract hudson.slaves.AbstractCloudComputer createComputer();

    public void terminate() throws java.lang.InterruptedException, java.io.IOException {
        throw new UnsupportedOperationException();
    }

    protected abstract void _terminate(hudson.model.TaskListener p0)
            throws java.io.IOException, java.lang.InterruptedException;
}
