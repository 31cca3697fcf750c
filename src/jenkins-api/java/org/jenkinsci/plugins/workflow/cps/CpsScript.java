package org.jenkinsci.plugins.workflow.cps;

public abstract class CpsScript extends com.cloudbees.groovy.cps.SerializableScript {}
