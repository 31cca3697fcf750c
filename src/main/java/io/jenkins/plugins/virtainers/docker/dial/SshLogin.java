package io.jenkins.plugins.virtainers.docker.dial;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.guest.HostKey;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;

/**
 * How to log in to the host of an engine. Printed, it shows no key.
 *
 * @param user over there
 * @param key that the user logs in with
 * @param hostKey that the host must show
 */
public record SshLogin(String user, SshKeyPair key, HostKey hostKey) {
    public SshLogin {
        requireNonNull(user, "user");
        requireNonNull(key, "key");
        requireNonNull(hostKey, "hostKey");
    }

    @Override
    public String toString() {
        return user + " with " + hostKey.fingerprint();
    }
}
