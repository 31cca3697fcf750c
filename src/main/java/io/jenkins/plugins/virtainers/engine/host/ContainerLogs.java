package io.jenkins.plugins.virtainers.engine.host;

import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** What containers write. */
public interface ContainerLogs {
    /**
     * Follows what a container writes, from its first byte on and until it ends or the stream is closed.
     *
     * @param listener called by one thread, never concurrently
     */
    LogStream followLogs(ContainerId container, LogListener listener) throws InterruptedException;

    /** Everything that an ended or running container has written so far. */
    void readLogs(ContainerId container, OptionalInt lastLines, LogListener listener) throws InterruptedException;

    /** Receives what a container writes. */
    interface LogListener {
        /** The guest's serial console. */
        void stdout(byte[] bytes);

        /** The runtime's own voice. */
        void stderr(byte[] bytes);
    }

    /** A log being followed. */
    interface LogStream extends AutoCloseable {
        /** Completes when the container has ended and all was read; exceptionally when the stream broke. */
        CompletableFuture<Void> ended();

        @Override
        void close();
    }
}
