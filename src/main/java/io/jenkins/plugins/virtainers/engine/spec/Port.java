package io.jenkins.plugins.virtainers.engine.spec;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;

/** A TCP port. */
public record Port(int number) {
    /** Where a guest's SSH server listens. */
    public static final Port SSH = new Port(22);

    public Port {
        if (number < 1 || number > 65535) {
            throw new InvalidSpecException("Port must be between 1 and 65535, was " + number + ".");
        }
    }

    /** @throws InvalidSpecException when it is not a number between 1 and 65535 */
    public static Port parse(String written) {
        try {
            return new Port(Integer.parseInt(written.strip()));
        } catch (NumberFormatException e) {
            throw new InvalidSpecException("Port \"%s\" is not a number between 1 and 65535.".formatted(written));
        }
    }

    @Override
    public String toString() {
        return Integer.toString(number);
    }
}
