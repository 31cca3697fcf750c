package hudson.model.queue;

public abstract class QueueListener implements hudson.ExtensionPoint {
    public QueueListener() {}

    public void onEnterBuildable(hudson.model.Queue.BuildableItem p0) {
        throw new UnsupportedOperationException();
    }

    public void onLeft(hudson.model.Queue.LeftItem p0) {
        throw new UnsupportedOperationException();
    }

    public static hudson.ExtensionList<hudson.model.queue.QueueListener> all() {
        throw new UnsupportedOperationException();
    }
}
