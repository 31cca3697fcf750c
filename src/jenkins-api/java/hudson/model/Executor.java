package hudson.model;

public class Executor extends java.lang.Thread implements hudson.model.ModelObject, jenkins.model.IExecutor {
    public void run() {
        throw new UnsupportedOperationException();
    }

    public hudson.model.Queue.Executable getCurrentExecutable() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException();
    }

    public boolean isBusy() {
        throw new UnsupportedOperationException();
    }

    public hudson.model.Computer getOwner() {
        throw new UnsupportedOperationException();
    }
}
