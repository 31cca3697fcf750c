package hudson.model;

public class OneOffExecutor extends hudson.model.Executor {}
