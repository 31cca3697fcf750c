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
     * @param threads one for each connection, as long as it lasts
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
        try (client) {
            try {
                dialer.carry(new Input(client), new Output(client));
                complaint = Optional.empty();
            } catch (ClientGone e) {
                LOGGER.log(Level.FINE, e, () -> "A client at " + path());
            } catch (IOException e) {
                // Said before the client sees the end, and asks.
                complaint = Optional.of(Optional.ofNullable(e.getMessage()).orElse(e.toString()));
                LOGGER.log(Level.FINE, e, () -> "A connection at " + path());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "Hanging up at " + path());
        }
    }

    /** What a client sends. Java's own stream of a channel could not be read while there is something to write. */
    private static final class Input extends InputStream {
        private final SocketChannel client;

        Input(SocketChannel client) {
            this.client = client;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return length == 0 ? 0 : client.read(ByteBuffer.wrap(bytes, offset, length));
        }
    }

    /** What a client gets. */
    private static final class Output extends OutputStream {
        private final SocketChannel client;

        Output(SocketChannel client) {
            this.client = client;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                for (ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length); rest.hasRemaining(); ) {
                    client.write(rest);
                }
            } catch (IOException e) {
                throw new ClientGone(e);
            }
        }
    }

    /** Which says nothing of the engine. */
    private static final class ClientGone extends IOException {
        private static final long serialVersionUID = 1L;

        ClientGone(IOException cause) {
            super(cause);
        }
    }

    /** Processes of this user that were killed before they could do it themselves. */
    private void removeWhatTheDeadLeft() throws IOException {
        try (DirectoryStream<Path> folders =
                Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")), PREFIX + "*")) {
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
