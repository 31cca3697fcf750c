package io.jenkins.plugins.virtainers.docker.dial;

import java.io.IOException;

/** Makes connections to one engine. Safe for use by several threads. */
public interface Dialer extends AutoCloseable {
    /**
     * A new connection.
     *
     * @throws IOException when there is none to be had, with a sentence for people
     */
    Line dial() throws IOException;

    /** Ends every connection. */
    @Override
    void close() throws IOException;
}
