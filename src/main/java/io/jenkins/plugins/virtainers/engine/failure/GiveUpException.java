package io.jenkins.plugins.virtainers.engine.failure;

/** The request failed for a reason that neither another try nor a changed request is known to cure. */
public final class GiveUpException extends VirtainerException {
    private static final long serialVersionUID = 1L;

    GiveUpException(Failure failure, String sentence, Throwable cause) {
        super(failure, sentence, cause);
    }
}
