package io.jenkins.plugins.virtainers.engine.guest;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which ways to guests are tried, on a host where somebody knows better than to try them all. */
public enum Reach {
    /** All, what costs least first. */
    AUTO,
    /** The addresses of their containers alone. */
    ADDRESS,
    /** The ports that their host publishes alone. */
    PORT,
    /** Through the container engine alone. */
    TUNNEL;

    /** As people write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether one of the ways is tried. */
    public boolean takes(Reach way) {
        return this == AUTO || this == way;
    }

    /** @throws InvalidSpecException when it is none of the words */
    public static Reach parse(String written) {
        return Arrays.stream(values())
                .filter(value -> value.word().equals(written))
                .findFirst()
                .orElseThrow(() -> new InvalidSpecException("Way \"%s\" is none of %s."
                        .formatted(
                                written,
                                Arrays.stream(values()).map(Reach::word).collect(Collectors.joining(", ")))));
    }
}
