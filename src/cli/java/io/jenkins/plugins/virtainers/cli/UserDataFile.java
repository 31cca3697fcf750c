package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.engine.InvalidSpecException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * User data on disk. What cloud-init would silently ignore after minutes of booting is refused here: text of no kind that
 * it knows, and a #cloud-config that is no YAML mapping.
 */
final class UserDataFile {
    private UserDataFile() {}

    static String read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (MalformedInputException e) {
            throw new InvalidSpecException("Cannot use %s as user data: it is not text.".formatted(file));
        } catch (IOException e) {
            throw new InvalidSpecException("Cannot read the user data %s: %s. Name an existing file."
                    .formatted(file, Files.exists(file) ? e.getMessage() : "no such file"));
        }
        check(file, text);
        return text;
    }

    private static void check(Path file, String text) {
        String kind = text.lines().findFirst().orElse("").strip();
        if (kind.equals("#cloud-config")) {
            checkYaml(file, text);
        } else if (!isKnown(kind)) {
            throw new InvalidSpecException(
                    "Cannot use %s as user data: it begins with neither #cloud-config nor #! nor another kind that cloud-init knows."
                            .formatted(file));
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

    private static void checkYaml(Path file, String text) {
        Object loaded;
        try {
            loaded = new Load(LoadSettings.builder().setLabel(file.toString()).build()).loadFromString(text);
        } catch (YamlEngineException e) {
            throw new InvalidSpecException("Cannot use %s as user data: it is not valid YAML: %s"
                    .formatted(file, e.getMessage().strip().replaceAll("\\s*\\R\\s*", " ")));
        }
        if (loaded != null && !(loaded instanceof Map)) {
            throw new InvalidSpecException(
                    "Cannot use %s as user data: a #cloud-config is a YAML mapping, such as \"packages: [git]\"."
                            .formatted(file));
        }
    }
}
