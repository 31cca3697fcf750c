package io.jenkins.plugins.virtainers.cli.options;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.spec.SeedImage;
import io.jenkins.plugins.virtainers.serve.UserData;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What cloud-init is told, on disk. */
final class SeedFiles {
    private SeedFiles() {}

    static String userData(Path file) {
        String text = read("user data", file, Files::readString);
        UserData.require(file.toString(), text);
        return text;
    }

    /** User data that is a script. */
    static String script(Path file) {
        String text = read("script", file, Files::readString);
        if (!text.startsWith("#!")) {
            throw new InvalidSpecException(
                    "Cannot run %s: its first line does not name an interpreter, such as #!/bin/sh.".formatted(file));
        }
        return text;
    }

    static String metaData(Path file) {
        return read("meta data", file, Files::readString);
    }

    static SeedImage image(Path file) {
        byte[] bytes = read("seed", file, Files::readAllBytes);
        return new SeedImage(ContainerFile.Content.of(bytes));
    }

    private interface Reading<T> {
        T of(Path file) throws IOException;
    }

    private static <T> T read(String what, Path file, Reading<T> reading) {
        try {
            return reading.of(file);
        } catch (MalformedInputException e) {
            throw new InvalidSpecException("Cannot use %s as %s: it is not text.".formatted(file, what));
        } catch (IOException e) {
            throw new InvalidSpecException("Cannot read the %s %s: %s. Name an existing file."
                    .formatted(what, file, Files.exists(file) ? e.getMessage() : "no such file"));
        }
    }
}
