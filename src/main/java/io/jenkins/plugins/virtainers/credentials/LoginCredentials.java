package io.jenkins.plugins.virtainers.credentials;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import hudson.AbortException;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.virtainers.engine.guest.LoginPassword;
import io.jenkins.plugins.virtainers.engine.guest.LoginSecret;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.ssh.PrivateKeys;
import java.util.List;
import java.util.Optional;

/** Reads the key or password that an administrator chose for logging in to guests. */
public final class LoginCredentials {
    /** Where they are shown: to guests, whose addresses nobody knows beforehand. */
    public static final List<DomainRequirement> THERE =
            List.copyOf(URIRequirementBuilder.create().withScheme("ssh").build());

    private LoginCredentials() {}

    /**
     * A key, or a password, and whose it is.
     *
     * @param user that the credential names
     */
    public record Login(String user, LoginSecret secret) {
        /** User data that gives the machine's user this name and password; empty for a key. */
        public Optional<String> userData() {
            if (!(secret instanceof LoginPassword password)) {
                return Optional.empty();
            }
            return Optional.of(String.join(
                    "\n",
                    "#cloud-config",
                    "user: {name: %s}".formatted(quoted(user)),
                    "password: " + quoted(password.value()),
                    "chpasswd: {expire: false}",
                    "ssh_pwauth: true",
                    ""));
        }

        /** As YAML has it, section 7.3.2 of version 1.2. */
        private static String quoted(String text) {
            return "'" + text.replace("'", "''") + "'";
        }
    }

    /**
     * The key or password behind a credential.
     *
     * @throws AbortException a sentence: there is none, it is of another kind, or its key cannot be used
     */
    public static Login find(String id) throws AbortException {
        StandardCredentials found = StoredCredentials.find(id, THERE);
        if (found == null) {
            throw new AbortException(
                    "There is no credential \"%s\". Choose an SSH key credential, or none for a new key for each agent."
                            .formatted(id));
        }
        if (found instanceof SSHUserPrivateKey ssh) {
            return new Login(ssh.getUsername(), key(id, ssh));
        }
        if (found instanceof StandardUsernamePasswordCredentials known) {
            String password = known.getPassword().getPlainText();
            if (known.getUsername().isBlank() || password.isEmpty()) {
                throw new AbortException("Credential \"%s\" lacks a user or a password.".formatted(id));
            }
            if (password.chars().anyMatch(Character::isISOControl)) {
                throw new AbortException(
                        "Credential \"%s\" has a character in its password that nobody can type.".formatted(id));
            }
            return new Login(known.getUsername(), new LoginPassword(password));
        }
        throw new AbortException(
                "Credential \"%s\" is neither an SSH key (username with private key) nor a username with password. Choose one."
                        .formatted(id));
    }

    static SshKeyPair key(String id, SSHUserPrivateKey ssh) throws AbortException {
        Secret passphrase = ssh.getPassphrase();
        if (passphrase != null && !passphrase.getPlainText().isEmpty()) {
            throw new AbortException(
                    "Credential \"%s\" has a passphrase, and nobody is there to type it. Use a key without."
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
    public static FormValidation check(String id) {
        try {
            find(id);
            return FormValidation.ok();
        } catch (AbortException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}
