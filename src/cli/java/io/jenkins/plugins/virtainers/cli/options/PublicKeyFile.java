package io.jenkins.plugins.virtainers.cli.options;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A public key on disk. */
final class PublicKeyFile {
    private PublicKeyFile() {}

    /** The key in the file or, when the file is a private key, in the one beside it whose name ends in .pub. */
    static String read(Path file) {
        Path beside = beside(file);
        Path source = publicOf(file);
        String text;
        try {
            text = Files.readString(source).strip();
        } catch (IOException e) {
            throw new InvalidSpecException("Cannot read the public key %s: %s. Name an existing file."
                    .formatted(source, Files.exists(source) ? e.getMessage() : "no such file"));
        }
        if (text.contains("PRIVATE KEY")) {
            throw new InvalidSpecException(
                    "%s is a private key, and %s does not exist. Make it: ssh-keygen -y -f %s > %s"
                            .formatted(source, beside, source, beside));
        }
        return text;
    }

    /** The file that {@link #read} reads. */
    static Path publicOf(Path file) {
        Path beside = beside(file);
        return !file.toString().endsWith(".pub") && Files.exists(beside) ? beside : file;
    }

    private static Path beside(Path file) {
        return file.resolveSibling(file.getFileName() + ".pub");
    }
}
