package hudson.model;

public abstract class AbstractItem extends hudson.model.Actionable
        implements jenkins.model.Loadable,
                hudson.model.Item,
                org.kohsuke.stapler.HttpDeletable,
                hudson.security.AccessControlled,
                hudson.model.DescriptorByNameOwner,
                org.kohsuke.stapler.StaplerProxy {
    public final java.lang.String getFullName() {
        throw new UnsupportedOperationException();
    }
}
