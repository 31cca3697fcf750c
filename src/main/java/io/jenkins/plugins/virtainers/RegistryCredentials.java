package io.jenkins.plugins.virtainers;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import hudson.util.FormValidation;
import io.jenkins.plugins.virtainers.engine.Failure;
import io.jenkins.plugins.virtainers.engine.ImageRef;
import io.jenkins.plugins.virtainers.engine.RegistryLogin;
import io.jenkins.plugins.virtainers.engine.VirtainerException;
import java.util.Objects;
import java.util.Optional;

/** Reads who pulls an image from the credentials that templates name for it. */
final class RegistryCredentials {
    private RegistryCredentials() {}

    /** The login that the first template with this image names; empty when none does. */
    static Optional<RegistryLogin> of(ImageRef image) {
        return Fleet.clouds().stream()
                .flatMap(cloud -> cloud.offers().stream())
                .filter(template -> template.boots(image))
                .map(VirtainerTemplate::getRegistryCredentialsId)
                .filter(Objects::nonNull)
                .findFirst()
                .map(RegistryCredentials::find);
    }

    /**
     * The login behind a credential.
     *
     * @throws VirtainerException {@link Failure#IMAGE_NOT_FOUND} when there is none, or it is of another kind
     */
    static RegistryLogin find(String id) {
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
    static FormValidation check(String id) {
        try {
            find(id);
            return FormValidation.ok();
        } catch (VirtainerException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}
