package jenkins.security;

public abstract class MasterToSlaveCallable<V, T extends java.lang.Throwable>
        implements hudson.remoting.Callable<V, T> {
    public void checkRoles(org.jenkinsci.remoting.RoleChecker p0) throws java.lang.SecurityException {
        throw new UnsupportedOperationException();
    }
}
