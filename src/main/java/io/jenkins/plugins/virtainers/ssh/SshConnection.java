package io.jenkins.plugins.virtainers.ssh;

import com.trilead.ssh2.ChannelCondition;
import com.trilead.ssh2.Connection;
import com.trilead.ssh2.Session;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.guest.Way;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.GuestExit;
import io.jenkins.plugins.virtainers.engine.io.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One login, any number of commands. */
final class SshConnection implements GuestConnection {
    private static final Logger LOGGER = Logger.getLogger(SshConnection.class.getName());

    /** The library packs at most this much into a packet. */
    private static final int BUFFER = 32 * 1024;
    /** The status follows the end of the output; a server that sends none has lost the command. */
    private static final long STATUS_WAIT_MILLIS = 15_000;

    private final Connection connection;
    private final Socket socket;
    private final Way way;
    private final ExecutorService threads;
    private final SshDialect dialect;

    SshConnection(Connection connection, Socket socket, Way way, ExecutorService threads, SshDialect dialect) {
        this.connection = connection;
        this.socket = socket;
        this.way = way;
        this.threads = threads;
        this.dialect = dialect;
    }

    /** What turns a fresh session into a running one. */
    @FunctionalInterface
    private interface Start {
        void on(Session session) throws IOException;
    }

    @Override
    public GuestExit run(String commandLine, ExecStreams streams) throws InterruptedException {
        return converse(session -> session.execCommand(asBytes(commandLine)), streams);
    }

    /** The library writes a byte for each character, and guests read UTF-8. */
    private static String asBytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Override
    public GuestExit shell(ExecStreams streams) throws InterruptedException {
        return converse(Session::startShell, streams);
    }

    private GuestExit converse(Start start, ExecStreams streams) throws InterruptedException {
        Future<Session> opening = threads.submit(() -> open(start, streams));
        Session session;
        try {
            session = opening.get();
        } catch (ExecutionException e) {
            throw lost(e.getCause());
        } catch (InterruptedException e) {
            // Only the end of the connection frees a thread that waits for the server.
            close();
            throw e;
        }
        try (Terminal.Resizes resizes = followSize(session, streams)) {
            return converse(session, streams);
        } finally {
            // Says goodbye to the server, which an interrupted or dead connection must not make us wait for.
            threads.execute(session::close);
        }
    }

    private Session open(Start start, ExecStreams streams) throws IOException {
        Session session = connection.openSession();
        if (streams.terminal().isPresent()) {
            Terminal terminal = streams.terminal().get();
            session.requestPTY(
                    terminal.type(), terminal.size().columns(), terminal.size().rows(), 0, 0, null);
        }
        start.on(session);
        return session;
    }

    private GuestExit converse(Session session, ExecStreams streams) throws InterruptedException {
        // Input may wait for ever, as a keyboard does; nothing waits for it.
        threads.execute(() -> pumpInput(streams.stdin(), session.getStdin()));
        Future<?> errors = threads.submit(pump(session.getStderr(), streams.stderr()));
        Future<?> output = threads.submit(pump(session.getStdout(), streams.stdout()));
        Future<GuestExit> exit = threads.submit(() -> {
            output.get();
            errors.get();
            return exit(session);
        });
        try {
            return exit.get();
        } catch (ExecutionException e) {
            if (isOutputClosed(e)) {
                return GuestExit.ofSignal("PIPE");
            }
            throw lost(e.getCause());
        } finally {
            output.cancel(true);
            errors.cancel(true);
            exit.cancel(true);
        }
    }

    private GuestExit exit(Session session) throws InterruptedException {
        int seen = session.waitForCondition(
                ChannelCondition.EXIT_STATUS | ChannelCondition.EXIT_SIGNAL | ChannelCondition.CLOSED,
                STATUS_WAIT_MILLIS);
        if ((seen & ChannelCondition.EXIT_SIGNAL) != 0) {
            return GuestExit.ofSignal(session.getExitSignal());
        }
        if (session.getExitStatus() != null) {
            return GuestExit.ofStatus(session.getExitStatus());
        }
        throw Failure.CONNECTION_LOST.because(
                "Lost the connection to %s while the command ran; its end is unknown. Does the guest still run? See its console: virtainer logs"
                        .formatted(way));
    }

    private static Callable<Void> pump(InputStream from, OutputStream to) {
        return () -> {
            byte[] buffer = new byte[BUFFER];
            for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                write(to, buffer, read, from.available() == 0);
            }
            return null;
        };
    }

    private static void write(OutputStream to, byte[] buffer, int length, boolean flush) throws OutputClosed {
        try {
            to.write(buffer, 0, length);
            if (flush) {
                to.flush();
            }
        } catch (IOException e) {
            throw new OutputClosed(e);
        }
    }

    /** Whoever reads our output has gone, as {@code head} does. */
    private static final class OutputClosed extends IOException {
        private static final long serialVersionUID = 1L;

        OutputClosed(IOException cause) {
            super(cause);
        }
    }

    private static void pumpInput(InputStream from, OutputStream to) {
        byte[] buffer = new byte[BUFFER];
        // Closing sends the end of the input.
        try (to) {
            for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                to.write(buffer, 0, read);
                to.flush();
            }
        } catch (IOException e) {
            // The command ended, or closed its input, before it had read everything. That is its right.
            LOGGER.log(Level.FINE, "The command reads no more", e);
        }
    }

    private Terminal.Resizes followSize(Session session, ExecStreams streams) {
        if (streams.terminal().isEmpty()) {
            return () -> {};
        }
        return streams.terminal().get().onResize(size -> {
            try {
                dialect.resize(session, size);
            } catch (IOException e) {
                LOGGER.log(Level.FINE, "Resizing the terminal", e);
            }
        });
    }

    private static boolean isOutputClosed(ExecutionException e) {
        return e.getCause() instanceof ExecutionException pumped && pumped.getCause() instanceof OutputClosed;
    }

    private VirtainerException lost(Throwable thrown) {
        Throwable cause = thrown instanceof ExecutionException wrapped ? wrapped.getCause() : thrown;
        if (cause instanceof VirtainerException known) {
            return known;
        }
        String reason = cause instanceof InterruptedIOException ? "interrupted" : cause.getMessage();
        return Failure.CONNECTION_LOST.because(
                "Lost the connection to %s: %s. Does the guest still run? See its console: virtainer logs"
                        .formatted(way, reason),
                cause);
    }

    @Override
    public void close() {
        // The socket first: the library's own close waits for whatever a dead peer keeps waiting.
        SshConnector.closeQuietly(socket);
        threads.execute(connection::close);
    }
}
