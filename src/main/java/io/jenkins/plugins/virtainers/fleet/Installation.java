package io.jenkins.plugins.virtainers.fleet;

import jenkins.model.Jenkins;

/** This Jenkins, as the owner of what it makes. */
public final class Installation {
    private Installation() {}

    /** Whose everything is that this controller makes. */
    public static String owner() {
        return "jenkins-" + Jenkins.get().getLegacyInstanceId();
    }
}
