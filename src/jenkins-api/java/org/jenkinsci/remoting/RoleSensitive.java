package org.jenkinsci.remoting;

public interface RoleSensitive {
    void checkRoles(org.jenkinsci.remoting.RoleChecker p0) throws java.lang.SecurityException;
}
