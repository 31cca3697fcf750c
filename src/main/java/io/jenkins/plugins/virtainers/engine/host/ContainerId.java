package io.jenkins.plugins.virtainers.engine.host;

import static java.util.Objects.requireNonNull;

/** The engine's identifier of a container. */
public record ContainerId(String value) {
    private static final int SHORT_LENGTH = 12;

    public ContainerId {
        requireNonNull(value, "value");
        if (value.isBlank()) {
            throw new IllegalArgumentException("a container has an identifier");
        }
    }

    /** As people see it in the engine's own listings. */
    public String shortened() {
        return value.length() <= SHORT_LENGTH ? value : value.substring(0, SHORT_LENGTH);
    }

    @Override
    public String toString() {
        return shortened();
    }
}
