package hudson.model.listeners;

public abstract class RunListener<R extends hudson.model.Run> implements hudson.ExtensionPoint {
    protected RunListener() {}

    public void onStarted(R p0, hudson.model.TaskListener p1) {
        throw new UnsupportedOperationException();
    }

    public void onCompleted(R p0, hudson.model.TaskListener p1) {
        throw new UnsupportedOperationException();
    }

    public void onDeleted(R p0) {
        throw new UnsupportedOperationException();
    }

    public static hudson.ExtensionList<hudson.model.listeners.RunListener> all() {
        throw new UnsupportedOperationException();
    }
}
