package io.jenkins.plugins.virtainers.credentials;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.util.FormValidation;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.spec.SeedImage;
import io.jenkins.plugins.virtainers.forms.Fields;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;

/** Reads the complete seed that an administrator keeps as a secret file, for it may hold passwords. */
public final class SeedCredentials {
    private SeedCredentials() {}

    /**
     * The seed behind a credential.
     *
     * @throws InvalidSpecException a sentence: there is none, it is of another kind, or it is no seed
     */
    public static SeedImage find(String id) {
        StandardCredentials found = StoredCredentials.find(id, List.of());
        if (found == null) {
            throw new InvalidSpecException(
                    "There is no credential \"%s\". Choose a secret file that holds the seed.".formatted(id));
        }
        if (!(found instanceof FileCredentials file)) {
            throw new InvalidSpecException(
                    "Credential \"%s\" is no secret file. Choose one that holds the seed.".formatted(id));
        }
        try (InputStream content = file.getContent()) {
            return new SeedImage(ContainerFile.Content.of(content.readAllBytes()));
        } catch (IOException e) {
            throw new InvalidSpecException("Cannot read the secret file \"%s\": %s.".formatted(id, e.getMessage()));
        }
    }

    /** What a form says beside the choice. */
    public static FormValidation check(String id) {
        return Fields.parsed(id, SeedCredentials::find);
    }
}
