package io.jenkins.plugins.virtainers.fleet;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnector;
import io.jenkins.plugins.virtainers.engine.guest.HostKey;
import io.jenkins.plugins.virtainers.engine.guest.LoginSecret;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.guest.Way;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.GuestExit;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Guests that are this very machine: what is run in them runs here, so agents of tests are real ones. */
public final class LocalGuests implements GuestConnector {
    private final List<String> logins = new CopyOnWriteArrayList<>();
    private final List<SshKeyPair> keys = new CopyOnWriteArrayList<>();
    private volatile boolean haveAddresses = true;

    /** None answers at an address from now on. */
    public void leaveAddresses() {
        haveAddresses = false;
    }

    /** Who logged in where: {@code user@host:port}. */
    public List<String> logins() {
        return List.copyOf(logins);
    }

    /** With what they logged in. */
    public List<SshKeyPair> keys() {
        return List.copyOf(keys);
    }

    @Override
    public boolean answers(Way way, Duration timeout) {
        return haveAddresses || way.address().isEmpty();
    }

    @Override
    public GuestConnection connect(Way way, HostKey pinned, String user, LoginSecret secret, Duration timeout) {
        logins.add(user + "@" + way);
        keys.add((SshKeyPair) secret);
        return new LocalConnection();
    }

    /** Processes of this machine, which end with the connection. */
    private static final class LocalConnection implements GuestConnection {
        private final List<Process> running = new ArrayList<>();

        @Override
        public GuestExit run(String commandLine, ExecStreams streams) throws InterruptedException {
            try {
                Process process = new ProcessBuilder("sh", "-c", commandLine).start();
                synchronized (running) {
                    running.add(process);
                }
                pump(streams.stdin(), process.getOutputStream(), true);
                Thread errors = pump(process.getErrorStream(), streams.stderr(), false);
                Thread output = pump(process.getInputStream(), streams.stdout(), false);
                output.join();
                errors.join();
                return GuestExit.ofStatus(process.waitFor());
            } catch (IOException e) {
                throw Failure.CONNECTION_LOST.because("Cannot run it: " + e.getMessage(), e);
            }
        }

        private static Thread pump(InputStream from, OutputStream to, boolean close) {
            Thread thread = new Thread(() -> {
                byte[] buffer = new byte[8192];
                try {
                    for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                        to.write(buffer, 0, read);
                        to.flush();
                    }
                    if (close) {
                        to.close();
                    }
                } catch (IOException e) {
                    // One side has gone; so does the other.
                    return;
                }
            });
            thread.setDaemon(true);
            thread.start();
            return thread;
        }

        @Override
        public GuestExit shell(ExecStreams streams) {
            throw new UncheckedIOException(new IOException("agents need no shell"));
        }

        @Override
        public void close() {
            synchronized (running) {
                running.forEach(process -> {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                });
            }
        }
    }
}
