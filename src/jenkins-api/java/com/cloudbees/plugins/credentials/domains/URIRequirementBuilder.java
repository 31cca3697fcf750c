package com.cloudbees.plugins.credentials.domains;

public class URIRequirementBuilder {
    public static com.cloudbees.plugins.credentials.domains.URIRequirementBuilder create() {
        throw new UnsupportedOperationException();
    }

    public static com.cloudbees.plugins.credentials.domains.URIRequirementBuilder fromUri(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }

    public com.cloudbees.plugins.credentials.domains.URIRequirementBuilder withScheme(java.lang.String p0) {
        throw new UnsupportedOperationException();
    }

    public java.util.List<com.cloudbees.plugins.credentials.domains.DomainRequirement> build() {
        throw new UnsupportedOperationException();
    }
}
