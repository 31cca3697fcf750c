package io.jenkins.plugins.virtainers.credentials;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import hudson.util.FormValidation;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.RegistryLogin;

/** Reads who pulls an image from the credentials that templates name for it. */
public final class RegistryCredentials {
    private RegistryCredentials() {}

    /**
     * The login behind a credential.
     *
     * @throws VirtainerException {@link Failure#IMAGE_NOT_FOUND} when there is none, or it is of another kind
     */
    public static RegistryLogin find(String id) {
        StandardCredentials found = StoredCredentials.find(id);
        if (found == null) {
            throw Failure.IMAGE_NOT_FOUND.because(
                    "Cannot log in to the registry: there is no credential \"%s\". Choose a username with password."
                            .formatted(id));
        }
        if (!(found instanceof StandardUsernamePasswordCredentials login)) {
            throw Failure.IMAGE_NOT_FOUND.because(
                    "Cannot log in to the registry: credential \"%s\" is no username with password. Choose one."
                            .formatted(id));
        }
        return new RegistryLogin(login.getUsername(), login.getPassword().getPlainText());
    }

    /** What a form says beside the choice. */
    public static FormValidation check(String id) {
        try {
            find(id);
            return FormValidation.ok();
        } catch (VirtainerException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}
