package hudson.slaves;

public abstract class RetentionStrategy<T extends hudson.model.Computer>
        implements hudson.model.Describable<hudson.slaves.RetentionStrategy<?>>, hudson.ExtensionPoint {
    public RetentionStrategy() {}

    public abstract long check(T p0);

    public boolean isManualLaunchAllowed(T p0) {
        throw new UnsupportedOperationException();
    }

    public void start(T p0) {
        throw new UnsupportedOperationException();
    }

    public static hudson.DescriptorExtensionList<
                    hudson.slaves.RetentionStrategy<?>, hudson.model.Descriptor<hudson.slaves.RetentionStrategy<?>>>
            all() {
        throw new UnsupportedOperationException();
    }
}
