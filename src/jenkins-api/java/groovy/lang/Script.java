package groovy.lang;

public abstract class Script extends groovy.lang.GroovyObjectSupport {}
