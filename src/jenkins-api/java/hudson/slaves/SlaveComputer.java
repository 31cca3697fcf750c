package hudson.slaves;

public class SlaveComputer extends hudson.model.Computer {
    public boolean isAcceptingTasks() {
        throw new UnsupportedOperationException();
    }

    public void setAcceptingTasks(boolean p0) {
        throw new UnsupportedOperationException();
    }

    public java.lang.Boolean isUnix() {
        throw new UnsupportedOperationException();
    }

    public boolean isLaunchSupported() {
        throw new UnsupportedOperationException();
    }

    protected java.util.concurrent.Future<?> _connect(boolean p0) {
        throw new UnsupportedOperationException();
    }

    public void taskAccepted(hudson.model.Executor p0, hudson.model.Queue.Task p1) {
        throw new UnsupportedOperationException();
    }

    public void taskCompleted(hudson.model.Executor p0, hudson.model.Queue.Task p1, long p2) {
        throw new UnsupportedOperationException();
    }

    public void taskCompletedWithProblems(
            hudson.model.Executor p0, hudson.model.Queue.Task p1, long p2, java.lang.Throwable p3) {
        throw new UnsupportedOperationException();
    }

    public boolean isConnecting() {
        throw new UnsupportedOperationException();
    }

    public void setChannel(
            java.io.InputStream p0,
            java.io.OutputStream p1,
            hudson.model.TaskListener p2,
            hudson.remoting.Channel.Listener p3)
            throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException();
    }

    public void setChannel(hudson.remoting.Channel p0, java.io.OutputStream p1, hudson.remoting.Channel.Listener p2)
            throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException();
    }

    public hudson.remoting.Channel getChannel() {
        throw new UnsupportedOperationException();
    }

    public java.nio.charset.Charset getDefaultCharset() {
        throw new UnsupportedOperationException();
    }

    public java.util.List<java.util.logging.LogRecord> getLogRecords()
            throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException();
    }

    public java.util.concurrent.Future<?> disconnect(hudson.slaves.OfflineCause p0) {
        throw new UnsupportedOperationException();
    }

    public void doLaunchSlaveAgent(org.kohsuke.stapler.StaplerRequest2 p0, org.kohsuke.stapler.StaplerResponse2 p1)
            throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    public java.lang.Object getTarget() {
        throw new UnsupportedOperationException();
    }

    public hudson.slaves.RetentionStrategy getRetentionStrategy() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String toString() {
        throw new UnsupportedOperationException();
    }
}
