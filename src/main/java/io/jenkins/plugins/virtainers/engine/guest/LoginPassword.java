package io.jenkins.plugins.virtainers.engine.guest;

import static java.util.Objects.requireNonNull;

/**
 * The password of a guest's user. Guests take none unless their user data says so. Does not print itself.
 *
 * @param value as it is typed
 */
public record LoginPassword(String value) implements LoginSecret {
    public LoginPassword {
        requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return "a password";
    }
}
