package io.jenkins.plugins.virtainers.engine.io;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** A path that somebody wrote. */
public final class WrittenPath {
    private WrittenPath() {}

    /** The path; nothing when no file can have it, such as one with a NUL. */
    public static Optional<Path> of(String written) {
        try {
            return Optional.of(Path.of(written));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
