package io.jenkins.plugins.virtainers.engine.spec;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import java.security.SecureRandom;
import java.util.regex.Pattern;

/**
 * Opens the screen of a guest. Does not print itself.
 *
 * @param value at most the eight characters that VNC knows of a password
 */
public record VncPassword(String value) {
    private static final int LONGEST = 8;
    private static final Pattern KEYS = Pattern.compile("[ -~]{1," + LONGEST + "}");
    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
    private static final SecureRandom RANDOM = new SecureRandom();

    public VncPassword {
        requireNonNull(value, "value");
        if (!KEYS.matcher(value).matches()) {
            throw new InvalidSpecException(
                    "A VNC password has 1 to %d characters of a US keyboard, since VNC takes no others."
                            .formatted(LONGEST));
        }
    }

    /** One that nobody can guess, of 40 bits. */
    public static VncPassword random() {
        StringBuilder made = new StringBuilder();
        RANDOM.ints(LONGEST, 0, LETTERS.length()).forEach(letter -> made.append(LETTERS.charAt(letter)));
        return new VncPassword(made.toString());
    }

    @Override
    public String toString() {
        return "a VNC password";
    }
}
