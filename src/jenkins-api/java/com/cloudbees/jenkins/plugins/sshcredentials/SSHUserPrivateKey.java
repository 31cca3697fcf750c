package com.cloudbees.jenkins.plugins.sshcredentials;

public interface SSHUserPrivateKey extends com.cloudbees.jenkins.plugins.sshcredentials.SSHUser {
    hudson.util.Secret getPassphrase();

    java.util.List<java.lang.String> getPrivateKeys();
}
