package hudson.slaves;

public abstract class NodeProperty<N extends hudson.model.Node>
        implements hudson.model.ReconfigurableDescribable<hudson.slaves.NodeProperty<?>>, hudson.ExtensionPoint {
    public static hudson.DescriptorExtensionList<hudson.slaves.NodeProperty<?>, hudson.slaves.NodePropertyDescriptor>
            all() {
        throw new UnsupportedOperationException();
    }
}
