package io.jenkins.plugins.virtainers.engine;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * An engine that runs containers: Docker or Podman, here or elsewhere. Implementations are safe for use by several
 * threads.
 *
 * <p>Every call blocks, ends within a deadline of its own, and can be interrupted, except {@link #create}, which
 * finishes first so that nothing is created unseen. Every call may throw a {@link VirtainerException}: {@link
 * Failure#ENGINE_UNREACHABLE} when nobody answers, {@link Failure#ENGINE_TIMEOUT} when the answer does not come, {@link
 * Failure#ENGINE_REFUSED} when the answer is no, {@link Failure#ENGINE_CONFIGURATION} when this client may not ask.
 */
public interface ContainerHost extends AutoCloseable {
    /** How people name this host in a configuration: {@code unix:///var/run/docker.sock}. Does no input or output. */
    String address();

    /** Whether the host is the machine that this code runs on, so that its containers' addresses may be reachable. */
    boolean isLocal();

    /** What the host is; the call that shows whether it answers at all. */
    HostInfo info() throws InterruptedException;

    /** The image if the host holds it under any of its spellings. Never pulls. */
    Optional<ContainerImage> findImage(ImageRef image) throws InterruptedException;

    /** Every image that has a label. */
    List<ContainerImage> images(String label) throws InterruptedException;

    /**
     * Fetches an image from its registry.
     *
     * @param progress is told, in the calling thread or another, what has arrived
     * @param timeout for the whole pull
     * @throws VirtainerException {@link Failure#IMAGE_NOT_FOUND} when no registry has it or none can be asked
     */
    void pull(ImageRef image, Consumer<String> progress, Duration timeout) throws InterruptedException;

    /** Every network that containers can join. */
    List<ContainerNetwork> networks() throws InterruptedException;

    /**
     * Makes a network whose containers reach each other and the world.
     *
     * @param subnet of its addresses; empty leaves it to the host
     * @throws VirtainerException {@link Failure#NAME_IN_USE}; {@link Failure#NETWORK} when another network has some of
     *     these addresses
     */
    void createNetwork(String name, Optional<Subnet> subnet) throws InterruptedException;

    /** Removes a network that no container is on. Does nothing when there is none. */
    void removeNetwork(String name) throws InterruptedException;

    /** What the host itself reaches, but for the way into the world; empty where that cannot be seen from here. */
    Optional<List<Subnet>> routes();

    /**
     * Creates a container without starting it.
     *
     * @throws VirtainerException {@link Failure#NAME_IN_USE}; {@link Failure#PLATFORM} when the host lacks /dev/kvm
     *     although the request asks for it; {@link Failure#NETWORK} as {@link #start} throws it
     */
    ContainerId create(ContainerRequest request) throws InterruptedException;

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

    /** Makes an image of a container: that which it was created from, and one layer of what has changed. */
    void commit(ContainerId container, ImageRef image) throws InterruptedException;

    /** Makes or touches an empty file, so that its modification time is now by the host's clock. */
    void touch(ContainerId container, String path) throws InterruptedException;

    /**
     * Starts a created container.
     *
     * @throws VirtainerException {@link Failure#PLATFORM} when the host lacks /dev/kvm although the request asked for it;
     *     {@link Failure#NETWORK} when a network of the request is not there, does not have the address, or has lost its
     *     parent
     */
    void start(ContainerId container) throws InterruptedException;

    /**
     * Looks at a container.
     *
     * @param idOrName either of them
     * @return empty when there is none
     */
    Optional<Container> inspect(String idOrName) throws InterruptedException;

    /** Every container, running or not, that has all of these labels. An empty value matches any value. */
    List<Container> list(Map<String, String> labels) throws InterruptedException;

    /**
     * Follows what a container writes, from its first byte on and until it ends or the stream is closed.
     *
     * @param listener called by one thread, never concurrently
     */
    LogStream followLogs(ContainerId container, LogListener listener) throws InterruptedException;

    /** Everything that an ended or running container has written so far. */
    void readLogs(ContainerId container, OptionalInt lastLines, LogListener listener) throws InterruptedException;

    /**
     * Completes with the exit status when the container ends, at once if it has; exceptionally, with a {@link
     * VirtainerException}, when the host is lost or the container was removed first. Cancelling gives up the wait.
     */
    CompletableFuture<Integer> exitStatus(ContainerId container);

    /** Asks a container to end, and ends it when the grace time is over. Does nothing when it has ended or is gone. */
    void stop(ContainerId container, Duration grace) throws InterruptedException;

    /** Removes a container, running or not, with its anonymous volumes. Does nothing when there is none. */
    void remove(ContainerId container) throws InterruptedException;

    /**
     * Runs a command in a running container, joined to a terminal or to streams, until it ends.
     *
     * @return its exit status
     */
    int exec(ContainerId container, List<String> command, ExecStreams streams) throws InterruptedException;

    /** Lets go of all connections. Streams that are still open end. */
    @Override
    void close();

    /** Receives a file. */
    @FunctionalInterface
    interface FileReader {
        /** @param size bytes that the content has */
        void read(InputStream content, long size) throws IOException, InterruptedException;
    }

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
