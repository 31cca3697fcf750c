package hudson.slaves;

public abstract class ComputerLauncher
        implements hudson.model.Describable<hudson.slaves.ComputerLauncher>, hudson.ExtensionPoint {
    public ComputerLauncher() {}

    public void launch(hudson.slaves.SlaveComputer p0, hudson.model.TaskListener p1)
            throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException();
    }

    public void launch(hudson.slaves.SlaveComputer p0, hudson.util.StreamTaskListener p1)
            throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException();
    }
}
