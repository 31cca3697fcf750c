package hudson;

public class EnvVars extends java.util.TreeMap<java.lang.String, java.lang.String> {
    public static hudson.EnvVars getRemote(hudson.remoting.VirtualChannel p0)
            throws java.io.IOException, java.lang.InterruptedException {
        throw new UnsupportedOperationException();
    }

    public java.lang.String put(java.lang.String p0, java.lang.String p1) {
        throw new UnsupportedOperationException();
    }
}
