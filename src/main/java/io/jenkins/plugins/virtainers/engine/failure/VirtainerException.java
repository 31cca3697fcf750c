package io.jenkins.plugins.virtainers.engine.failure;

import static java.util.Objects.requireNonNull;

/**
 * A virtainer could not be made, reached or removed. The message is a sentence for people; the subtype says what the
 * caller does next, {@link #failure()} says exactly what went wrong.
 */
public abstract sealed class VirtainerException extends RuntimeException
        permits FixConfigurationException, TryAgainException, GiveUpException {
    private static final long serialVersionUID = 1L;

    private final Failure failure;

    VirtainerException(Failure failure, String sentence, Throwable cause) {
        super(Quotation.harmless(requireNonNull(sentence, "sentence")), cause);
        this.failure = requireNonNull(failure, "failure");
    }

    /** What went wrong. */
    public Failure failure() {
        return failure;
    }
}
