package io.jenkins.plugins.virtainers.docker.dial;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A socket of this machine, of this user's alone, behind which is what a dialer reaches: Docker's library connects to
 * sockets only. Safe for use by several threads.
 */
public final class DialledSocket implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(DialledSocket.class.getName());
    private static final int CHUNK = 32_768;
    private static final String PREFIX = "virtainers-dial-";
    private static final String SOCKET = "engine";

    private final Path folder;
    private final Dialer dialer;
    private final ServerSocketChannel listener;
    private final ExecutorService threads;
    private volatile Optional<String> complaint = Optional.empty();

    /**
     * Listens, and dials nobody before somebody connects.
     *
     * @param dialer makes a dialer of a folder that is this user's alone; closed with this
     * @param threads for each connection two, as long as it lasts
     */
    public DialledSocket(Function<Path, Dialer> dialer, ExecutorService threads) throws IOException {
        this.threads = threads;
        this.folder = Files.createTempDirectory(PREFIX);
        removeWhatTheDeadLeft();
        try {
            this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listener.bind(UnixDomainSocketAddress.of(path()));
        } catch (IOException e) {
            Files.deleteIfExists(path());
            Files.deleteIfExists(folder);
            throw e;
        }
        this.dialer = dialer.apply(folder);
        threads.execute(this::listen);
    }

    /** Where it is. */
    public Path path() {
        return folder.resolve(SOCKET);
    }

    /** Why the last connection came to nothing; empty when it did not. */
    public Optional<String> complaint() {
        return complaint;
    }

    private void listen() {
        try {
            while (true) {
                SocketChannel client = listener.accept();
                threads.execute(() -> serve(client));
            }
        } catch (ClosedChannelException e) {
            LOGGER.log(Level.FINE, "No longer listening at {0}", path());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Listening at " + path());
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                Line line = dial()) {
            threads.execute(() -> send(client, line));
            boolean answered = receive(line.in(), client);
            // Said before the client sees the end, and asks.
            complaint = answered ? Optional.empty() : line.complaint();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "A connection at " + path());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Line dial() throws IOException {
        try {
            return dialer.dial();
        } catch (IOException e) {
            complaint = Optional.of(Optional.ofNullable(e.getMessage()).orElse(e.toString()));
            throw e;
        }
    }

    /** Whether there was anything. */
    private static boolean receive(InputStream in, SocketChannel client) throws IOException {
        byte[] bytes = new byte[CHUNK];
        boolean anything = false;
        for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
            for (ByteBuffer rest = ByteBuffer.wrap(bytes, 0, read); rest.hasRemaining(); ) {
                client.write(rest);
            }
            anything = true;
        }
        return anything;
    }

    private static void send(SocketChannel client, Line line) {
        try (OutputStream out = line.out()) {
            ByteBuffer bytes = ByteBuffer.allocate(CHUNK);
            while (client.read(bytes) >= 0) {
                out.write(bytes.array(), 0, bytes.position());
                out.flush();
                bytes.clear();
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "What a client sends to its engine", e);
        }
    }

    /** Processes of this user that were killed before they could do it themselves. */
    private void removeWhatTheDeadLeft() throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder.getParent(), PREFIX + "*")) {
            for (Path other : folders) {
                Path socket = other.resolve(SOCKET);
                if (Files.exists(socket) && !DialledSocket.listens(socket)) {
                    remove(other);
                }
            }
        }
    }

    private static boolean listens(Path socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return !(e instanceof ConnectException);
        }
    }

    private static void remove(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Removing " + folder);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            dialer.close();
            remove(folder);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Closing " + folder);
        }
    }
}
