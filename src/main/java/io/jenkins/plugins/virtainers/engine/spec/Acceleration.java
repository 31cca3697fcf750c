package io.jenkins.plugins.virtainers.engine.spec;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the guest's processor is made; the runtime's {@code ACCEL}. */
public enum Acceleration {
    /** KVM where it really works, otherwise emulation. */
    AUTO,
    /** KVM or nothing. */
    KVM,
    /** Emulation, even where KVM works. */
    TCG;

    /** As the runtime and people write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws InvalidSpecException when it is none of the words */
    public static Acceleration parse(String written) {
        return Arrays.stream(values())
                .filter(value -> value.word().equals(written))
                .findFirst()
                .orElseThrow(() -> new InvalidSpecException("Acceleration \"%s\" is none of %s."
                        .formatted(
                                written,
                                Arrays.stream(values()).map(Acceleration::word).collect(Collectors.joining(", ")))));
    }
}
