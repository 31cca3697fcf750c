package org.jenkinsci.plugins.plaincredentials;

public interface FileCredentials extends com.cloudbees.plugins.credentials.common.StandardCredentials {
    java.lang.String getFileName();

    java.io.InputStream getContent() throws java.io.IOException;
}
