package com.cloudbees.groovy.cps;

public abstract class SerializableScript extends groovy.lang.Script implements java.io.Serializable {}
