package hudson.model;

public interface ExecutorListener extends hudson.ExtensionPoint {
    default void taskAccepted(hudson.model.Executor p0, hudson.model.Queue.Task p1) {
        throw new UnsupportedOperationException();
    }

    default void taskCompleted(hudson.model.Executor p0, hudson.model.Queue.Task p1, long p2) {
        throw new UnsupportedOperationException();
    }

    default void taskCompletedWithProblems(
            hudson.model.Executor p0, hudson.model.Queue.Task p1, long p2, java.lang.Throwable p3) {
        throw new UnsupportedOperationException();
    }
}
