package io.jenkins.plugins.virtainers.serve;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Answers at one address until it is closed. */
public final class ApiServer implements AutoCloseable {
    /** Each client that waits, listens or runs a command has one, and Jetty a few. */
    private static final int THREADS = Api.LASTING + 16;

    private final Server server;
    private final HttpConnectionFactory http;
    private String address = "";
    private Optional<Path> socket = Optional.empty();

    private ApiServer() {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS);
        threads.setName("virtainers-api");
        server = new Server(threads);
        server.setStopTimeout(0);
        server.setErrorHandler(Api::refuse);
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        http = new HttpConnectionFactory(configuration);
    }

    /**
     * @param machines stays the caller's
     * @param token that clients show at a port; a socket has the permissions of its file
     */
    public static ApiServer start(Machines machines, ListenAddress where, String token) {
        ApiServer api = new ApiServer();
        boolean started = false;
        try {
            if (where instanceof ListenAddress.UnixSocket unix) {
                api.listenAt(unix.path(), machines);
            } else if (where instanceof ListenAddress.Loopback loopback) {
                api.listenAt(loopback, machines, token);
            }
            started = true;
            return api;
        } catch (IOException e) {
            throw Failure.PLATFORM.because(
                    "Cannot listen at %s: %s. Choose another address with --listen.".formatted(where, reason(e)), e);
        } finally {
            if (!started) {
                api.close();
            }
        }
    }

    /** Where it answers: {@code http://127.0.0.1:PORT} or {@code unix:///path}. */
    public String address() {
        return address;
    }

    private void listenAt(ListenAddress.Loopback loopback, Machines machines, String token) throws IOException {
        ServerConnector connector = new ServerConnector(server, http);
        connector.setHost(loopback.host());
        connector.setPort(loopback.port());
        start(connector, new Api(machines, Optional.of(token)));
        address = "http://%s:%d"
                .formatted(
                        loopback.host().contains(":") ? "[" + loopback.host() + "]" : loopback.host(),
                        connector.getLocalPort());
    }

    /** It is made where nobody else can see it, and comes to its place when it is this user's alone. */
    private void listenAt(Path path, Machines machines) throws IOException {
        requireFree(path);
        Path hidden = Files.createTempDirectory(
                path.toAbsolutePath().getParent(),
                ".virtainer",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            Path made = hidden.resolve("socket");
            UnixDomainServerConnector connector = new UnixDomainServerConnector(server, http);
            connector.setUnixDomainPath(made);
            start(connector, new Api(machines, Optional.empty()));
            Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
            Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
            socket = Optional.of(path);
            address = "unix://" + path.toAbsolutePath();
        } finally {
            Files.deleteIfExists(hidden.resolve("socket"));
            Files.deleteIfExists(hidden);
        }
    }

    /** A socket that nobody answers at is one of a server that was killed. */
    private static void requireFree(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            throw new IOException("another server answers there already, " + channel.getRemoteAddress());
        } catch (ConnectException e) {
            if (Files.isRegularFile(path) || Files.isDirectory(path)) {
                throw new IOException("there is a file, which is no socket", e);
            }
            Files.deleteIfExists(path);
        }
    }

    private void start(Connector connector, Api api) throws IOException {
        server.addConnector(connector);
        server.setHandler(api);
        try {
            server.start();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static String reason(IOException thrown) {
        Throwable cause = thrown.getCause();
        return cause instanceof IOException && cause.getMessage() != null
                ? thrown.getMessage() + " (" + cause.getMessage() + ")"
                : String.valueOf(thrown.getMessage());
    }

    /** Hangs up on everybody. */
    @Override
    public void close() {
        LifeCycle.stop(server);
        socket.ifPresent(path -> {
            try {
                Files.deleteIfExists(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
