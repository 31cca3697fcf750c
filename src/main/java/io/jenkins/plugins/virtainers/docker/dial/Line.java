package io.jenkins.plugins.virtainers.docker.dial;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** A connection to an engine: bytes both ways. */
public interface Line extends AutoCloseable {
    /** What the engine sends. */
    InputStream in();

    /** What it gets; each write is carried at once. Closing it tells the engine that there is no more. */
    OutputStream out();

    /**
     * After the end of {@link #in}: why it came before an answer could, when it did. May wait for some seconds for whoever
     * carries the connection to say so.
     */
    Optional<String> complaint() throws InterruptedException;

    /** Hangs up, without waiting for anybody. */
    @Override
    void close() throws IOException;
}
