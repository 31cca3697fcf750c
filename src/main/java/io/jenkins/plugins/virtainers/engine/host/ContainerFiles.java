package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Files of containers, which go there and back through the host, so that it may be anywhere. */
public interface ContainerFiles {
    /** Puts files into a container, started or not, replacing what is there. Missing directories are made, for root. */
    void putFiles(ContainerId container, List<ContainerFile> files) throws InterruptedException;

    /**
     * Reads a regular file of a container, running or not, of any size.
     *
     * @param reader is given the file, and must have read all that it wants of it when it returns
     * @throws VirtainerException {@link Failure#COPY_FAILED} when there is no such file
     */
    void readFile(ContainerId container, String path, FileReader reader) throws InterruptedException;

    /**
     * Writes a file of any size into a container, or a volume that it has, running or not; it belongs to the user that
     * runs QEMU.
     *
     * @param path of the file, in a directory that exists
     * @param content as many bytes as {@code size} says
     */
    void writeFile(ContainerId container, String path, InputStream content, long size) throws InterruptedException;

    /** Makes or touches an empty file, so that its modification time is now by the host's clock. */
    void touch(ContainerId container, String path) throws InterruptedException;

    /** Receives a file. */
    @FunctionalInterface
    interface FileReader {
        /** @param size bytes that the content has */
        void read(InputStream content, long size) throws IOException, InterruptedException;
    }
}
