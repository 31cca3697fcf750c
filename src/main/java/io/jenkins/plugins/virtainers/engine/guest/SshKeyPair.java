package io.jenkins.plugins.virtainers.engine.guest;

import static java.util.Objects.requireNonNull;

/**
 * A key pair for SSH. Never printed: {@link #toString()} shows the public half only.
 *
 * @param publicLine as in an authorized_keys file: {@code ssh-ed25519 AAAA… comment}
 * @param privatePem the private key, unencrypted, in OpenSSH's or another PEM format
 */
public record SshKeyPair(String publicLine, String privatePem) implements LoginSecret {
    public SshKeyPair {
        requireNonNull(publicLine, "publicLine");
        requireNonNull(privatePem, "privatePem");
    }

    /** The public half as the host key of a guest. */
    public HostKey hostKey() {
        return HostKey.parse(publicLine);
    }

    @Override
    public String toString() {
        return publicLine;
    }
}
