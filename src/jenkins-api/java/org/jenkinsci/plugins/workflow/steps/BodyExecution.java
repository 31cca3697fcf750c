package org.jenkinsci.plugins.workflow.steps;

public abstract class BodyExecution implements java.util.concurrent.Future<java.lang.Object>, java.io.Serializable {}
