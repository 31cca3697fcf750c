package io.jenkins.plugins.virtainers.credentials;

import com.cloudbees.jenkins.plugins.sshcredentials.SSHUserPrivateKey;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import io.jenkins.plugins.virtainers.docker.dial.SshAddress;
import io.jenkins.plugins.virtainers.docker.dial.SshLogin;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.HostKey;

/** Reads how to log in to the host of a container engine from the credentials of this Jenkins. */
public final class HostCredentials {
    private HostCredentials() {}

    /**
     * Who logs in with which key.
     *
     * @param hostKey as {@code ssh-keyscan} prints it, with or without the host
     * @throws VirtainerException {@link Failure#ENGINE_CONFIGURATION} when there is no such credential, it is of another kind,
     *     or the host key is none
     */
    public static SshLogin find(String id, SshAddress address, @CheckForNull String hostKey) {
        StandardCredentials found = StoredCredentials.find(id, TlsCredentials.there("ssh://" + address.host()));
        if (!(found instanceof SSHUserPrivateKey ssh)) {
            throw refused(
                    address,
                    found == null
                            ? "there is no credential \"%s\"".formatted(id)
                            : "credential \"%s\" is no SSH username with private key".formatted(id));
        }
        try {
            return new SshLogin(
                    address.user().orElse(ssh.getUsername()), LoginCredentials.key(id, ssh), hostKey(address, hostKey));
        } catch (AbortException e) {
            throw refused(address, e.getMessage().replaceFirst("\\.$", ""));
        }
    }

    /** Reads a host key. */
    public static HostKey hostKey(SshAddress address, @CheckForNull String text) {
        if (text == null || text.isBlank()) {
            throw refused(address, "with a credential of Jenkins, the host key is wanted, too: see ssh-keyscan");
        }
        String[] words = text.strip().split("\\s+", 4);
        int algorithm = words[0].matches("(ssh|ecdsa)-.*") ? 0 : 1;
        try {
            return HostKey.parse(words[algorithm] + " " + words[algorithm + 1]);
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw Failure.ENGINE_CONFIGURATION.because(
                    "Cannot connect to %s: \"%s\" is no host key. Paste a line of what ssh-keyscan prints, such as ssh-ed25519 AAAA…"
                            .formatted(address.host(), text),
                    e);
        }
    }

    private static VirtainerException refused(SshAddress address, String why) {
        return Failure.ENGINE_CONFIGURATION.because(
                "Cannot connect to %s by SSH: %s. Choose an SSH key credential, or none for the controller's own ssh command."
                        .formatted(address.host(), why));
    }
}
