package org.jenkinsci.plugins.durabletask.executors;

public interface ContinuedTask extends hudson.model.Queue.Task {
    boolean isContinued();
}
