package jenkins.model;

public interface IExecutor {
    hudson.model.Queue.Executable getCurrentExecutable();
}
