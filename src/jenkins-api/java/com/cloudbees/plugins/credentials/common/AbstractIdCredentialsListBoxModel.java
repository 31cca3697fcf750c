package com.cloudbees.plugins.credentials.common;

public abstract class AbstractIdCredentialsListBoxModel<
                T extends com.cloudbees.plugins.credentials.common.AbstractIdCredentialsListBoxModel<T, C>,
                C extends com.cloudbees.plugins.credentials.common.IdCredentials>
        extends hudson.util.ListBoxModel {
    public com.cloudbees.plugins.credentials.common.AbstractIdCredentialsListBoxModel<T, C> includeEmptyValue() {
        throw new UnsupportedOperationException();
    }

    public com.cloudbees.plugins.credentials.common.AbstractIdCredentialsListBoxModel<T, C> includeMatchingAs(
            org.springframework.security.core.Authentication p0,
            hudson.model.ItemGroup p1,
            java.lang.Class<? extends C> p2,
            java.util.List<com.cloudbees.plugins.credentials.domains.DomainRequirement> p3,
            com.cloudbees.plugins.credentials.CredentialsMatcher p4) {
        throw new UnsupportedOperationException();
    }

    public com.cloudbees.plugins.credentials.common.AbstractIdCredentialsListBoxModel<T, C> includeCurrentValue(
            java.lang.String p0) {
        throw new UnsupportedOperationException();
    }
}
