package hudson.slaves;

public abstract class NodeDescriptor extends hudson.model.Descriptor<hudson.model.Node> {
    public boolean isInstantiable() {
        throw new UnsupportedOperationException();
    }

    public hudson.util.FormValidation doCheckName(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }

    public static hudson.DescriptorExtensionList<hudson.model.Node, hudson.slaves.NodeDescriptor> all() {
        throw new UnsupportedOperationException();
    }
}
