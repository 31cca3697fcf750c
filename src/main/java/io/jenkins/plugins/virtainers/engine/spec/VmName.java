package io.jenkins.plugins.virtainers.engine.spec;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The name of a virtainer: of its container and, as far as the guest agrees, of its guest. */
public record VmName(String value) {
    // A host name's alphabet is the narrowest of the places where the name appears.
    private static final Pattern VALID = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final SecureRandom RANDOM = new SecureRandom();

    public VmName {
        requireNonNull(value, "value");
        if (!VALID.matcher(value).matches()) {
            throw new InvalidSpecException(
                    ("Name \"%s\" is not valid: use at most 63 lower-case letters, digits and hyphens, and begin and end"
                                    + " with a letter or digit.")
                            .formatted(value));
        }
    }

    /** A name that nobody has yet. */
    public static VmName random() {
        byte[] bytes = new byte[4];
        RANDOM.nextBytes(bytes);
        return new VmName("virtainer-" + HexFormat.of().formatHex(bytes));
    }

    @Override
    public String toString() {
        return value;
    }
}
