package hudson.model;

public abstract class AdministrativeMonitor extends hudson.model.AbstractModelObject
        implements hudson.ExtensionPoint, org.kohsuke.stapler.StaplerProxy {
    public final java.lang.String id = null;

    protected AdministrativeMonitor() {}

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getSearchUrl() {
        throw new UnsupportedOperationException();
    }

    public java.lang.Object getTarget() {
        throw new UnsupportedOperationException();
    }

    public abstract boolean isActivated();
}
