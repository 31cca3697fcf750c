package groovy.lang;

public abstract class GroovyObjectSupport implements groovy.lang.GroovyObject {}
