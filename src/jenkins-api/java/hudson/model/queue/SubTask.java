package hudson.model.queue;

public interface SubTask extends hudson.model.ResourceActivity, jenkins.model.queue.ITask {
    default hudson.model.Queue.Task getOwnerTask() {
        throw new UnsupportedOperationException();
    }

    default hudson.model.Queue.Executable getOwnerExecutable() {
        throw new UnsupportedOperationException();
    }
}
