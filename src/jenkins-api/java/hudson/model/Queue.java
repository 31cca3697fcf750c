package hudson.model;

public class Queue extends hudson.model.ResourceController implements hudson.model.Saveable {
    public void save() {
        throw new UnsupportedOperationException();
    }

    public hudson.model.Queue.Item[] getItems() {
        throw new UnsupportedOperationException();
    }

    public hudson.model.Queue.Item getItem(long p0) {
        throw new UnsupportedOperationException();
    }

    public java.util.List<hudson.model.Queue.BuildableItem> getBuildableItems() {
        throw new UnsupportedOperationException();
    }

    public boolean cancel(hudson.model.Queue.Item p0) {
        throw new UnsupportedOperationException();
    }

    public static void withLock(java.lang.Runnable p0) {
        throw new UnsupportedOperationException();
    }

    public static hudson.model.Queue getInstance() {
        throw new UnsupportedOperationException();
    }

    public static final class BuildableItem extends hudson.model.Queue.NotWaitingItem {
        public boolean isPending() {
            throw new UnsupportedOperationException();
        }
    }

    public interface Executable extends java.lang.Runnable, jenkins.console.WithConsoleUrl {
        hudson.model.queue.SubTask getParent();
    }

    public abstract static class Item extends hudson.model.Actionable implements jenkins.model.queue.QueueItem {
        public final hudson.model.Queue.Task task;

        {
            task = null;
        }

        public long getId() {
            throw new UnsupportedOperationException();
        }

        public hudson.model.Label getAssignedLabel() {
            throw new UnsupportedOperationException();
        }

        public hudson.model.Label getAssignedLabelFor(hudson.model.queue.SubTask p0) {
            throw new UnsupportedOperationException();
        }

        public java.lang.String getSearchUrl() {
            throw new UnsupportedOperationException();
        }
    }

    public static final class LeftItem extends hudson.model.Queue.Item {}

    public abstract static class NotWaitingItem extends hudson.model.Queue.Item {}

    public interface Task extends hudson.model.ModelObject, hudson.model.queue.SubTask {
        default java.util.Collection<? extends hudson.model.queue.SubTask> getSubTasks() {
            throw new UnsupportedOperationException();
        }
    }
}
