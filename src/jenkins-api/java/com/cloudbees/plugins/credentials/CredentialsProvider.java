package com.cloudbees.plugins.credentials;

public abstract class CredentialsProvider
        extends hudson.model.Descriptor<com.cloudbees.plugins.credentials.CredentialsProvider>
        implements hudson.ExtensionPoint,
                hudson.model.Describable<com.cloudbees.plugins.credentials.CredentialsProvider> {
    public static <C extends com.cloudbees.plugins.credentials.common.IdCredentials> C findCredentialByIdInItemGroup(
            java.lang.String p0,
            java.lang.Class<C> p1,
            hudson.model.ItemGroup<?> p2,
            org.springframework.security.core.Authentication p3,
            java.util.List<com.cloudbees.plugins.credentials.domains.DomainRequirement> p4) {
        throw new UnsupportedOperationException();
    }

    public static <C extends com.cloudbees.plugins.credentials.Credentials> java.util.List<C> trackAll(
            hudson.model.Node p0, java.util.List<C> p1) {
        throw new UnsupportedOperationException();
    }
}
