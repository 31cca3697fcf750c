package hudson.model;

public abstract class PeriodicWork extends hudson.triggers.SafeTimerTask implements hudson.ExtensionPoint {
    protected static final long MIN = 60000L;

    public abstract long getRecurrencePeriod();

    public long getInitialDelay() {
        throw new UnsupportedOperationException();
    }

    public static hudson.ExtensionList<hudson.model.PeriodicWork> all() {
        throw new UnsupportedOperationException();
    }
}
