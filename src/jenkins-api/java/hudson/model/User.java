package hudson.model;

public class User extends hudson.model.AbstractModelObject
        implements hudson.security.AccessControlled,
                hudson.model.DescriptorByNameOwner,
                jenkins.model.Loadable,
                hudson.model.Saveable,
                java.lang.Comparable<hudson.model.User>,
                jenkins.model.ModelObjectWithContextMenu,
                org.kohsuke.stapler.StaplerProxy {
    public void load() {
        throw new UnsupportedOperationException();
    }

    public int compareTo(hudson.model.User p0) {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getSearchUrl() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException();
    }

    public void save() throws java.io.IOException {
        throw new UnsupportedOperationException();
    }

    public hudson.security.ACL getACL() {
        throw new UnsupportedOperationException();
    }

    public java.lang.Object getTarget() {
        throw new UnsupportedOperationException();
    }
}
