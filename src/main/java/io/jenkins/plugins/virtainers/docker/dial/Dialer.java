package io.jenkins.plugins.virtainers.docker.dial;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Makes connections to one engine. Safe for use by several threads. */
public interface Dialer extends AutoCloseable {
    /**
     * Makes a connection, and carries bytes both ways until the engine has no more.
     *
     * @param fromClient read by another thread, until it ends, of which the engine is told; whoever closes it frees that
     *     thread
     * @param toClient flushed as bytes come; not closed
     * @throws IOException when nothing came of it, with a sentence for people, or when {@code toClient} takes no more
     * @throws InterruptedException when interrupted; the engine is then hung up on
     */
    void carry(InputStream fromClient, OutputStream toClient) throws IOException, InterruptedException;

    /** Ends every connection. */
    @Override
    void close() throws IOException;
}
