package io.jenkins.plugins.virtainers.engine.failure;

/** The request was fine and may succeed if it is repeated, here or on another host. */
public final class TryAgainException extends VirtainerException {
    private static final long serialVersionUID = 1L;

    TryAgainException(Failure failure, String sentence, Throwable cause) {
        super(failure, sentence, cause);
    }
}
