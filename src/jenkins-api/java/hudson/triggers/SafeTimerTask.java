package hudson.triggers;

public abstract class SafeTimerTask extends java.util.TimerTask {
    private static final java.util.logging.Logger LOGGER = null;

    public static hudson.triggers.SafeTimerTask of(hudson.triggers.SafeTimerTask.ExceptionRunnable p0) {
        throw new UnsupportedOperationException();
    }

    public final void run() {
        throw new UnsupportedOperationException();
    }

    protected abstract void doRun() throws java.lang.Exception;

    public interface ExceptionRunnable {
        void run() throws java.lang.Exception;
    }
}
