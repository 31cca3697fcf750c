package io.jenkins.plugins.virtainers.engine.failure;

/** What was asked for is not valid; the message, of one line, says which part, what it was, and what it may be. */
public final class InvalidSpecException extends FixConfigurationException {
    private static final long serialVersionUID = 1L;

    public InvalidSpecException(String sentence) {
        super(Failure.USAGE, Quotation.line(sentence), null);
    }
}
