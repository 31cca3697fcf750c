package io.jenkins.plugins.virtainers.credentials;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.util.FormValidation;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.RegistryLogin;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.util.List;

/** Reads who pulls an image from the credentials that templates name for it. */
public final class RegistryCredentials {
    private RegistryCredentials() {}

    /** Where they are shown: to the registry of an image; to any as long as the image is none. */
    public static List<DomainRequirement> there(@CheckForNull String image) {
        try {
            String registry = ImageRef.parse(Util.fixNull(image)).registry();
            return URIRequirementBuilder.fromUri(registry.contains("://") ? registry : "https://" + registry)
                    .build();
        } catch (InvalidSpecException e) {
            return List.of();
        }
    }

    /**
     * The login behind a credential.
     *
     * @param image to be pulled
     * @throws VirtainerException {@link Failure#IMAGE_NOT_FOUND} when there is none, or it is of another kind
     */
    public static RegistryLogin find(String id, @CheckForNull String image) {
        StandardCredentials found = StoredCredentials.find(id, there(image));
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
    public static FormValidation check(String id, @CheckForNull String image) {
        try {
            find(id, image);
            return FormValidation.ok();
        } catch (VirtainerException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}
