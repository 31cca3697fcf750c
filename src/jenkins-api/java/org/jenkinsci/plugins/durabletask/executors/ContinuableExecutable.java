package org.jenkinsci.plugins.durabletask.executors;

public interface ContinuableExecutable extends hudson.model.Queue.Executable {
    boolean willContinue();
}
