package hudson.model;

public abstract class Run<JobT extends hudson.model.Job<JobT, RunT>, RunT extends hudson.model.Run<JobT, RunT>>
        extends hudson.model.Actionable
        implements hudson.ExtensionPoint,
                java.lang.Comparable<RunT>,
                hudson.security.AccessControlled,
                hudson.model.PersistenceRoot,
                hudson.model.DescriptorByNameOwner,
                jenkins.util.io.OnMaster,
                org.kohsuke.stapler.StaplerProxy,
                jenkins.model.HistoricalBuild,
                jenkins.console.WithConsoleUrl {
    public boolean isLogUpdated() {
        throw new UnsupportedOperationException();
    }

    public hudson.model.Executor getExecutor() {
        throw new UnsupportedOperationException();
    }

    public JobT getParent() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getExternalizableId() {
        throw new UnsupportedOperationException();
    }

    public int getNumber() {
        throw new UnsupportedOperationException();
    }
}
