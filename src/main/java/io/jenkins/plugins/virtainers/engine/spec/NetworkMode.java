package io.jenkins.plugins.virtainers.engine.spec;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the guest reaches the network and is reached; the runtime's {@code NETWORK}. */
public enum NetworkMode {
    /** The best that the container's rights allow. */
    AUTO,
    /** Every port of the container's address is the guest's. */
    NAT,
    /** A list of ports, no rights needed. */
    USER,
    /** The guest has the container's own address. */
    BRIDGE;

    /** As the runtime and people write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the container must route packets, for which it needs a right. */
    public boolean wantsRouter() {
        return this == NAT || this == BRIDGE;
    }

    /** @throws InvalidSpecException when it is none of the words */
    public static NetworkMode parse(String written) {
        return Arrays.stream(values())
                .filter(value -> value.word().equals(written))
                .findFirst()
                .orElseThrow(() -> new InvalidSpecException("Network \"%s\" is none of %s."
                        .formatted(
                                written,
                                Arrays.stream(values()).map(NetworkMode::word).collect(Collectors.joining(", ")))));
    }
}
