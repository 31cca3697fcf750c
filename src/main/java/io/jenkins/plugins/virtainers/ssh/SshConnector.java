package io.jenkins.plugins.virtainers.ssh;

import com.trilead.ssh2.Connection;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnector;
import io.jenkins.plugins.virtainers.engine.guest.HostKey;
import io.jenkins.plugins.virtainers.engine.guest.LoginPassword;
import io.jenkins.plugins.virtainers.engine.guest.LoginSecret;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.guest.Tunnel;
import io.jenkins.plugins.virtainers.engine.guest.Way;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** Logs in to guests over SSH, accepting the pinned host key and no other. */
public final class SshConnector implements GuestConnector, AutoCloseable {
    private static final byte[] GREETING = "SSH-".getBytes(StandardCharsets.US_ASCII);

    /** A port that nobody listens at is refused at once; what comes to a firewall may be left without a word. */
    private static final int CONNECT_MILLIS = 5_000;

    /** RFC 4252, section 8. */
    private static final String PASSWORDS = "password";

    private final SshAlgorithms algorithms;
    private final SshDialect dialect;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "virtainers-ssh");
        thread.setDaemon(true);
        return thread;
    });

    /** Needs no more of the SSH library than what all its variants have. */
    public SshConnector() {
        this(SshAlgorithms.standard(), SshDialect.COMMON);
    }

    public SshConnector(SshAlgorithms algorithms, SshDialect dialect) {
        this.algorithms = algorithms;
        this.dialect = dialect;
    }

    @Override
    public boolean answers(Way way, Duration timeout) throws InterruptedException {
        Future<Boolean> greeted =
                threads.submit(() -> way instanceof Tunnel tunnel ? isGreeted(tunnel) : isGreeted(way.endpoint()));
        try {
            return greeted.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof VirtainerException known) {
                throw known;
            }
            return false;
        } catch (TimeoutException e) {
            return false;
        } finally {
            greeted.cancel(true);
        }
    }

    private static boolean isGreeted(Endpoint endpoint) throws IOException {
        // A channel, because an interruption closes it.
        try (SocketChannel channel = SocketChannel.open()) {
            channel.socket()
                    .connect(
                            new InetSocketAddress(
                                    endpoint.host(), endpoint.port().number()),
                            CONNECT_MILLIS);
            ByteBuffer greeting = ByteBuffer.allocate(GREETING.length);
            while (greeting.hasRemaining()) {
                if (channel.read(greeting) < 0) {
                    return false;
                }
            }
            return ByteBuffer.wrap(GREETING).equals(greeting.flip());
        }
    }

    private static boolean isGreeted(Tunnel tunnel) throws InterruptedException {
        try (Greeting greeting = new Greeting()) {
            tunnel.join(greeting.silence(), greeting);
            return greeting.isSsh();
        }
    }

    @Override
    public GuestConnection connect(Way way, HostKey pinned, String user, LoginSecret secret, Duration timeout)
            throws InterruptedException {
        if (secret instanceof SshKeyPair key) {
            check(key);
        }
        if (way instanceof Tunnel tunnel) {
            try (LocalEnd end = LocalEnd.of(tunnel, threads)) {
                return connect(end.endpoint(), way, pinned, user, secret, timeout);
            }
        }
        return connect(way.endpoint(), way, pinned, user, secret, timeout);
    }

    private GuestConnection connect(
            Endpoint endpoint, Way way, HostKey pinned, String user, LoginSecret secret, Duration timeout)
            throws InterruptedException {
        // The library's calls cannot be interrupted, and its close waits for them; its socket is ours to close.
        Socket socket = new Socket();
        Connection connection = new Connection(endpoint.host(), endpoint.port().number());
        Future<GuestConnection> attempt = threads.submit(login(connection, way, pinned, user, secret, socket, timeout));
        boolean connected = false;
        try {
            GuestConnection guest = attempt.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            connected = true;
            return guest;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof VirtainerException known
                    ? known
                    : Failure.CONNECTION_LOST.because(
                            "Cannot log in to %s as %s: %s. Is the guest still running?"
                                    .formatted(way, user, reason(e.getCause())),
                            e.getCause());
        } catch (TimeoutException e) {
            throw Failure.CONNECTION_LOST.because(
                    "Cannot log in to %s as %s: not done within %d s. Allow more time, or more CPUs."
                            .formatted(way, user, timeout.toSeconds()),
                    e);
        } finally {
            if (!connected) {
                closeQuietly(socket);
                threads.execute(connection::close);
            }
        }
    }

    private Callable<GuestConnection> login(
            Connection connection,
            Way way,
            HostKey pinned,
            String user,
            LoginSecret secret,
            Socket socket,
            Duration timeout) {
        return () -> {
            int millis = Math.toIntExact(timeout.toMillis());
            dialect.use(connection, socket, timeout);
            offer(connection, pinned);
            AtomicReference<Optional<String>> presented = new AtomicReference<>(Optional.empty());
            try {
                connection.connect(
                        (host, port, algorithm, presentedKey) -> {
                            presented.set(Optional.of(HostKey.fingerprint(presentedKey)));
                            return pinned.matches(algorithm, presentedKey);
                        },
                        millis,
                        millis);
            } catch (IOException e) {
                if (presented
                        .get()
                        .filter(shown -> !shown.equals(pinned.fingerprint()))
                        .isPresent()) {
                    throw wrongHostKey(way, pinned, presented.get().get(), e);
                }
                throw e;
            }
            authenticate(connection, way, user, secret);
            return new SshConnection(connection, socket, way, threads, dialect);
        };
    }

    private static void authenticate(Connection connection, Way way, String user, LoginSecret secret)
            throws IOException {
        if (secret instanceof SshKeyPair key) {
            if (!connection.authenticateWithPublicKey(user, key.privatePem().toCharArray(), null)) {
                throw Failure.LOGIN_REFUSED.because(
                        "Cannot log in to %s as %s: the guest refuses the key. Use the key that the machine was created with."
                                .formatted(way, user));
            }
            return;
        }
        String password = ((LoginPassword) secret).value();
        if (!connection.isAuthMethodAvailable(user, PASSWORDS)
                || !connection.authenticateWithPassword(user, password)) {
            throw Failure.LOGIN_REFUSED.because(
                    "Cannot log in to %s as %s: the guest refuses the password. Have its user data give it to this user, with ssh_pwauth: true."
                            .formatted(way, user));
        }
    }

    private void offer(Connection connection, HostKey pinned) {
        dialect.preferKeyExchanges(connection, algorithms.keyExchanges());
        connection.setServerHostKeyAlgorithms(new String[] {pinned.algorithm()});
        String[] ciphers = known(algorithms.ciphers(), Connection.getAvailableCiphers());
        connection.setClient2ServerCiphers(ciphers);
        connection.setServer2ClientCiphers(ciphers);
        String[] authentications = known(algorithms.authentications(), Connection.getAvailableMACs());
        connection.setClient2ServerMACs(authentications);
        connection.setServer2ClientMACs(authentications);
    }

    /** Those that this variant of the library has, in the order of preference. */
    private static String[] known(List<String> preferred, String[] available) {
        return preferred.stream().filter(List.of(available)::contains).toArray(String[]::new);
    }

    private static VirtainerException wrongHostKey(Way way, HostKey pinned, String presented, IOException e) {
        return Failure.WRONG_HOST_KEY.because(
                "Refused to log in to %s: its host key is %s, and the machine was created with %s. Something else answers there, which is not to be trusted, or its image has no cloud-init to give it the key."
                        .formatted(way, presented, pinned.fingerprint()),
                e);
    }

    private void check(SshKeyPair key) {
        try {
            dialect.check(key);
        } catch (IOException e) {
            throw Failure.LOGIN_REFUSED.because(
                    "Cannot use the private key: %s. It must be an unencrypted OpenSSH or PEM key."
                            .formatted(reason(e)),
                    e);
        }
    }

    private static String reason(Throwable thrown) {
        Throwable deepest = thrown;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
    }

    static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more either way.
            return;
        }
    }

    /** Ends the threads of all its connections. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
