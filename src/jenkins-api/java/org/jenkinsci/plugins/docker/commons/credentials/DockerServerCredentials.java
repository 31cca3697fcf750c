package org.jenkinsci.plugins.docker.commons.credentials;

public class DockerServerCredentials extends com.cloudbees.plugins.credentials.impl.BaseStandardCredentials {
    public hudson.util.Secret getClientKeySecret() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getClientCertificate() {
        throw new UnsupportedOperationException();
    }

    public java.lang.String getServerCaCertificate() {
        throw new UnsupportedOperationException();
    }
}
