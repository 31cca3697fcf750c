package hudson.security;

public interface AccessControlled {
    hudson.security.ACL getACL();

    default void checkPermission(hudson.security.Permission p0)
            throws org.springframework.security.access.AccessDeniedException {
        throw new UnsupportedOperationException();
    }

    default boolean hasPermission(hudson.security.Permission p0) {
        throw new UnsupportedOperationException();
    }

    default boolean hasPermission2(org.springframework.security.core.Authentication p0, hudson.security.Permission p1) {
        throw new UnsupportedOperationException();
    }
}
