package hudson.slaves;

public abstract class Cloud extends hudson.model.Actionable
        implements hudson.ExtensionPoint,
                hudson.model.Describable<hudson.slaves.Cloud>,
                hudson.security.AccessControlled {
    public java.lang.String name;
    public static final hudson.security.Permission PROVISION = null;

    protected Cloud(java.lang.String p0) {}

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getUrl() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getSearchUrl() {
        throw new UnsupportedOperationException();
    }

    public hudson.security.ACL getACL() {
        throw new UnsupportedOperationException();
    }

    public java.util.Collection<hudson.slaves.NodeProvisioner.PlannedNode> provision(hudson.model.Label p0, int p1) {
        throw new UnsupportedOperationException();
    }

    public java.util.Collection<hudson.slaves.NodeProvisioner.PlannedNode> provision(
            hudson.slaves.Cloud.CloudState p0, int p1) {
        throw new UnsupportedOperationException();
    }

    public boolean canProvision(hudson.model.Label p0) {
        throw new UnsupportedOperationException();
    }

    public boolean canProvision(hudson.slaves.Cloud.CloudState p0) {
        throw new UnsupportedOperationException();
    }

    public static hudson.DescriptorExtensionList<hudson.slaves.Cloud, hudson.model.Descriptor<hudson.slaves.Cloud>>
            all() {
        throw new UnsupportedOperationException();
    }

    public static final class CloudState {
        public CloudState(hudson.model.Label p0, int p1) {}

        public hudson.model.Label getLabel() {
            throw new UnsupportedOperationException();
        }
    }
}
