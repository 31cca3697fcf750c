package io.jenkins.plugins.virtainers.serve;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What is given to cloud-init. What it would silently ignore after minutes of booting is refused here: text of no kind
 * that it knows, and a #cloud-config that is no YAML mapping.
 */
public final class UserData {
    private UserData() {}

    /**
     * @param what the text is called in the sentence, such as the name of its file
     * @throws InvalidSpecException what is wrong with it
     */
    public static void require(String what, String text) {
        String kind = text.lines().findFirst().orElse("").strip();
        if (kind.equals("#cloud-config")) {
            requireMapping(what, text);
        } else if (!isKnown(kind)) {
            throw new InvalidSpecException(
                    "Cannot use %s as user data: it begins with neither #cloud-config nor #! nor another kind that cloud-init knows."
                            .formatted(what));
        }
    }

    private static boolean isKnown(String kind) {
        return kind.startsWith("#!")
                || kind.startsWith("#cloud-")
                || kind.startsWith("#include")
                || kind.startsWith("#part-handler")
                || kind.startsWith("## template:")
                || kind.startsWith("Content-Type:")
                || kind.startsWith("MIME-Version:")
                || kind.startsWith("From ");
    }

    private static void requireMapping(String what, String text) {
        Object loaded;
        try {
            loaded = new Load(LoadSettings.builder().setLabel(what).build()).loadFromString(text);
        } catch (YamlEngineException e) {
            throw new InvalidSpecException("Cannot use %s as user data: it is not valid YAML: %s"
                    .formatted(what, e.getMessage().strip().replaceAll("\\s*\\R\\s*", " ")));
        }
        if (loaded != null && !(loaded instanceof Map)) {
            throw new InvalidSpecException(
                    "Cannot use %s as user data: a #cloud-config is a YAML mapping, such as \"packages: [git]\"."
                            .formatted(what));
        }
    }
}
