package hudson.model;

public abstract class Computer extends hudson.model.Actionable
        implements hudson.security.AccessControlled,
                jenkins.model.IComputer,
                hudson.model.ExecutorListener,
                hudson.model.DescriptorByNameOwner,
                org.kohsuke.stapler.StaplerProxy,
                jenkins.widgets.HasWidgets {
    public static final java.util.concurrent.ExecutorService threadPoolForRemoting = null;
    public static final hudson.security.Permission CONFIGURE = null;
    public static final hudson.security.Permission EXTENDED_READ = null;

    public hudson.slaves.OfflineCause getOfflineCause() {
        throw new UnsupportedOperationException();
    }

    public abstract hudson.remoting.VirtualChannel getChannel();

    public abstract java.nio.charset.Charset getDefaultCharset();

    public abstract java.util.List<java.util.logging.LogRecord> getLogRecords()
            throws java.io.IOException, java.lang.InterruptedException;

    public abstract void doLaunchSlaveAgent(
            org.kohsuke.stapler.StaplerRequest2 p0, org.kohsuke.stapler.StaplerResponse2 p1)
            throws java.io.IOException, jakarta.servlet.ServletException;

    public final java.util.concurrent.Future<?> connect(boolean p0) {
        throw new UnsupportedOperationException();
    }

    protected abstract java.util.concurrent.Future<?> _connect(boolean p0);

    public java.util.concurrent.Future<?> disconnect(hudson.slaves.OfflineCause p0) {
        throw new UnsupportedOperationException();
    }

    public int getNumExecutors() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getName() {
        throw new UnsupportedOperationException();
    }

    public abstract java.lang.Boolean isUnix();

    public boolean isOffline() {
        throw new UnsupportedOperationException();
    }

    public final boolean isOnline() {
        throw new UnsupportedOperationException();
    }

    public boolean isLaunchSupported() {
        throw new UnsupportedOperationException();
    }

    public void setTemporaryOfflineCause(hudson.slaves.OfflineCause p0) {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getUrl() {
        throw new UnsupportedOperationException();
    }

    public int countIdle() {
        throw new UnsupportedOperationException();
    }

    public final int countBusy() {
        throw new UnsupportedOperationException();
    }

    public final int countExecutors() {
        throw new UnsupportedOperationException();
    }

    public java.util.List<hudson.model.Executor> getExecutors() {
        throw new UnsupportedOperationException();
    }

    public java.util.List<jenkins.model.IDisplayExecutor> getDisplayExecutors() {
        throw new UnsupportedOperationException();
    }

    public final boolean isIdle() {
        throw new UnsupportedOperationException();
    }

    public final long getIdleStartMilliseconds() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getSearchUrl() {
        throw new UnsupportedOperationException();
    }

    public abstract hudson.slaves.RetentionStrategy getRetentionStrategy();

    public hudson.EnvVars getEnvironment() throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException();
    }

    public hudson.model.Api getApi() {
        throw new UnsupportedOperationException();
    }

    public java.lang.Object getTarget() {
        throw new UnsupportedOperationException();
    }

    public boolean isAcceptingTasks() {
        throw new UnsupportedOperationException();
    }
}
