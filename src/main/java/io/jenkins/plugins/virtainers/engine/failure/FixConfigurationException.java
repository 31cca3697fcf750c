package io.jenkins.plugins.virtainers.engine.failure;

/** The same request fails again until somebody changes it, or the host that it is made to. */
public non-sealed class FixConfigurationException extends VirtainerException {
    private static final long serialVersionUID = 1L;

    FixConfigurationException(Failure failure, String sentence, Throwable cause) {
        super(failure, sentence, cause);
    }
}
