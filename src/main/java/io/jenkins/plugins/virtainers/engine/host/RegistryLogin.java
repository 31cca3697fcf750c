package io.jenkins.plugins.virtainers.engine.host;

import static java.util.Objects.requireNonNull;

/**
 * Who pulls an image. Never printed: {@link #toString()} shows the user only.
 *
 * @param user of the registry
 * @param password of the user, or a token
 */
public record RegistryLogin(String user, String password) {
    public RegistryLogin {
        requireNonNull(user, "user");
        requireNonNull(password, "password");
    }

    @Override
    public String toString() {
        return user;
    }
}
