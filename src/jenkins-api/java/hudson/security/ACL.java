package hudson.security;

public abstract class ACL {
    public static final org.springframework.security.core.Authentication SYSTEM2 = null;

    public ACL() {}

    public boolean hasPermission2(org.springframework.security.core.Authentication p0, hudson.security.Permission p1) {
        throw new UnsupportedOperationException();
    }

    public static hudson.security.ACLContext as(hudson.model.User p0) {
        throw new UnsupportedOperationException();
    }
}
