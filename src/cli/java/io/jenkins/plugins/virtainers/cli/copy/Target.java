package io.jenkins.plugins.virtainers.cli.copy;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import java.io.IOException;

/**
 * Where copies go: a folder, and then the folders in it that are entered. What cannot be written is complained of, and the
 * rest goes on; a file has its name when it is whole, and not before.
 */
interface Target extends AutoCloseable {
    /**
     * Enters a folder, which is made if it is not there.
     *
     * @return whether it was entered; if not, what is in it is not to be handed over
     */
    boolean folder(Meta folder) throws InterruptedException;

    /** Leaves the folder that was entered last. */
    void leave(Meta folder) throws InterruptedException;

    /**
     * Writes a file.
     *
     * @param content read as far as it is of use
     * @throws VirtainerException {@link Failure#COPY_FAILED} when no other file could be written either
     */
    void file(Meta file, Content content) throws InterruptedException;

    /** All was handed over; returns when all of it is where it belongs. */
    default void finish() throws InterruptedException {}

    /** Whatever is not whole is gone. */
    @Override
    void close();

    /** The bytes of a file that is being copied. */
    @FunctionalInterface
    interface Content {
        /**
         * The next bytes.
         *
         * @return how many; -1 at the end
         * @throws IOException when this file cannot be read to its end, while others may be
         */
        int read(byte[] buffer) throws IOException, InterruptedException;
    }
}
