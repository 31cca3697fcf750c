package hudson.model;

public abstract class AsyncPeriodicWork extends hudson.model.PeriodicWork {
    protected AsyncPeriodicWork(java.lang.String p0) {}

    public final void doRun() {
        throw new UnsupportedOperationException();
    }

    protected java.util.logging.Level getNormalLoggingLevel() {
        throw new UnsupportedOperationException();
    }

    protected abstract void execute(hudson.model.TaskListener p0)
            throws java.io.IOException, java.lang.InterruptedException;
}
