package hudson.search;

public class Search implements org.kohsuke.stapler.StaplerProxy {
    public java.lang.Object getTarget() {
        throw new UnsupportedOperationException();
    }
}
