package io.jenkins.plugins.virtainers;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.AbortException;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.virtainers.engine.SshKeyPair;
import io.jenkins.plugins.virtainers.ssh.PrivateKeys;
import java.util.List;
import jenkins.model.Jenkins;

/** Reads the key that an administrator chose for logging in to guests. */
final class LoginCredentials {
    private LoginCredentials() {}

    /**
     * A key and whose it is.
     *
     * @param user that the credential names
     * @param key both halves
     */
    record Login(String user, SshKeyPair key) {}

    /**
     * The key behind a credential.
     *
     * @throws AbortException a sentence: there is none, it is of another kind, or its key cannot be used
     */
    static Login find(String id) throws AbortException {
        StandardCredentials found = CredentialsProvider.findCredentialByIdInItemGroup(
                id, StandardCredentials.class, Jenkins.get(), ACL.SYSTEM2, List.of());
        if (found == null) {
            throw new AbortException(
                    "There is no credential \"%s\". Choose an SSH key credential, or none for a new key for each agent."
                            .formatted(id));
        }
        if (!(found instanceof SSHUserPrivateKey ssh)) {
            throw new AbortException(
                    "Credential \"%s\" is no SSH key (username with private key). Choose one.".formatted(id));
        }
        return new Login(ssh.getUsername(), key(id, ssh));
    }

    private static SshKeyPair key(String id, SSHUserPrivateKey ssh) throws AbortException {
        Secret passphrase = ssh.getPassphrase();
        if (passphrase != null && !passphrase.getPlainText().isEmpty()) {
            throw new AbortException(
                    "Credential \"%s\" has a passphrase, and agents log in by themselves. Use a key without."
                            .formatted(id));
        }
        if (ssh.getPrivateKeys().isEmpty()) {
            throw new AbortException("Credential \"%s\" holds no key.".formatted(id));
        }
        String pem = ssh.getPrivateKeys().get(0);
        try {
            return new SshKeyPair(PrivateKeys.publicLine(pem, id), pem);
        } catch (IllegalArgumentException e) {
            throw new AbortException("Credential \"%s\" cannot be used: %s".formatted(id, e.getMessage()));
        }
    }

    /** What a form says beside the choice. */
    static FormValidation check(String id) {
        try {
            find(id);
            return FormValidation.ok();
        } catch (AbortException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}
