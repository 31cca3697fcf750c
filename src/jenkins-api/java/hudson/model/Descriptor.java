package hudson.model;

public abstract class Descriptor<T extends hudson.model.Describable<T>>
        implements jenkins.model.Loadable, hudson.model.Saveable, jenkins.util.io.OnMaster {
    protected Descriptor() {}

    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getId() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getHelpFile(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }

    public void save() {
        throw new UnsupportedOperationException();
    }

    public void load() {
        throw new UnsupportedOperationException();
    }

    public static <T extends hudson.model.Descriptor> T find(
            java.util.Collection<? extends T> p0, java.lang.String p1) {
        throw new UnsupportedOperationException();
    }

    public static hudson.model.Descriptor find(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }

    public static final class FormException extends java.lang.Exception implements org.kohsuke.stapler.HttpResponse {}
}
