package io.jenkins.plugins.virtainers.cli.terminal;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file of the caller's, which is there when it is whole and not before. */
public final class WholeFile {
    private WholeFile() {}

    /** What the file is to hold. */
    public interface Content {
        void writeTo(OutputStream file) throws IOException, InterruptedException;
    }

    /** Finds out first whether the file can be written. When this throws, the file is as it was. */
    public static void write(Path file, Content content) throws InterruptedException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            try (OutputStream output = new BufferedOutputStream(Files.newOutputStream(part))) {
                content.writeTo(output);
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw Failure.COPY_FAILED.because("Cannot write %s: %s.".formatted(file, e.getMessage()), e);
        } finally {
            deleteQuietly(part);
        }
    }

    private static void deleteQuietly(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            // A better error is on its way.
            return;
        }
    }
}
