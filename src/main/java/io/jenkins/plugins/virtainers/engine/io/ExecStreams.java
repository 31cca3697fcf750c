package io.jenkins.plugins.virtainers.engine.io;

import static java.util.Objects.requireNonNull;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * What a command reads and writes.
 *
 * @param stdin read until it ends, by a thread of the implementation's
 * @param stdout written as output comes; not closed
 * @param stderr written as output comes; not closed; unused with a terminal
 * @param terminal present to give the command a terminal
 */
public record ExecStreams(InputStream stdin, OutputStream stdout, OutputStream stderr, Optional<Terminal> terminal) {
    public ExecStreams {
        requireNonNull(stdin, "stdin");
        requireNonNull(stdout, "stdout");
        requireNonNull(stderr, "stderr");
        requireNonNull(terminal, "terminal");
    }

    /** Streams without a terminal. */
    public static ExecStreams of(InputStream stdin, OutputStream stdout, OutputStream stderr) {
        return new ExecStreams(stdin, stdout, stderr, Optional.empty());
    }

    /** No input; output is collected or thrown away. */
    public static ExecStreams output(OutputStream stdout, OutputStream stderr) {
        return of(InputStream.nullInputStream(), stdout, stderr);
    }
}
