package io.jenkins.plugins.virtainers.engine.spec;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Which way the guest comes up; the runtime's {@code BOOT}. */
public enum BootMode {
    /** The fastest that works: restored from a memory template, else booted. */
    AUTO,
    /** Restored or nothing. */
    RESTORE,
    /** Booted, though there may be a template. */
    DIRECT,
    /** Booted with cloud-init, as any cloud image is. */
    COLD;

    /** As the runtime and people write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a template is of use. */
    public boolean takesTemplates() {
        return this == AUTO || this == RESTORE;
    }

    /** @throws InvalidSpecException when it is none of the words */
    public static BootMode parse(String written) {
        return Arrays.stream(values())
                .filter(value -> value.word().equals(written))
                .findFirst()
                .orElseThrow(() -> new InvalidSpecException("Boot \"%s\" is none of %s."
                        .formatted(
                                written,
                                Arrays.stream(values()).map(BootMode::word).collect(Collectors.joining(", ")))));
    }
}
