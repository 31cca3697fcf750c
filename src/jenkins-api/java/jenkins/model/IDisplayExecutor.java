package jenkins.model;

public interface IDisplayExecutor {}
