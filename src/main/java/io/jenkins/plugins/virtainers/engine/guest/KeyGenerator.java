package io.jenkins.plugins.virtainers.engine.guest;

/** Makes the one-time keys of a virtainer. Implementations are safe for use by several threads. */
@FunctionalInterface
public interface KeyGenerator {
    /**
     * A new ed25519 key pair from the system's strong random source.
     *
     * @param comment written behind the public key, for people
     */
    SshKeyPair ed25519(String comment);
}
