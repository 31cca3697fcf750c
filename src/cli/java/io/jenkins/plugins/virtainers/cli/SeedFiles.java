package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.engine.InvalidSpecException;
import io.jenkins.plugins.virtainers.serve.UserData;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/** User data on disk. */
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
        UserData.require(file.toString(), text);
        return text;
    }
}
