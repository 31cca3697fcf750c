package hudson.model;

public interface TaskListener extends org.jenkinsci.remoting.SerializableOnlyOverRemoting {
    hudson.model.TaskListener NULL = null;

    java.io.PrintStream getLogger();

    default java.io.PrintWriter error(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }
}
