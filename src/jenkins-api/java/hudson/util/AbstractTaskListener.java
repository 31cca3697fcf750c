package hudson.util;

public abstract class AbstractTaskListener implements hudson.model.TaskListener {}
