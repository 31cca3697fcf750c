package hudson.slaves;

public abstract class NodePropertyDescriptor
        extends hudson.tools.PropertyDescriptor<hudson.slaves.NodeProperty<?>, hudson.model.Node> {}
