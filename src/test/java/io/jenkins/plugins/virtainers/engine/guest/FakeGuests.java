package io.jenkins.plugins.virtainers.engine.guest;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.GuestExit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;

/** Guests that answer wherever a test says, show the key that it says, and run what it says. */
public final class FakeGuests implements GuestConnector {
    private final Set<String> deafHosts = new HashSet<>();
    private final List<String> logins = new ArrayList<>();
    private final CountDownLatch hungUp = new CountDownLatch(1);
    private Optional<HostKey> shownKey = Optional.empty();
    private Optional<VirtainerException> refusal = Optional.empty();
    private BiFunction<String, ExecStreams, GuestExit> shell = (line, streams) -> GuestExit.ofStatus(0);

    /** Nobody answers at this host. */
    public synchronized void silence(String host) {
        deafHosts.add(host);
    }

    /** Guests show this host key, whatever they were given. */
    public synchronized void show(HostKey key) {
        shownKey = Optional.of(key);
    }

    /** The next login fails. */
    public synchronized void refuse(VirtainerException problem) {
        refusal = Optional.of(problem);
    }

    /** What running a command line does. */
    public synchronized void run(BiFunction<String, ExecStreams, GuestExit> behaviour) {
        shell = behaviour;
    }

    /** What a command does that never ends: it waits until somebody hangs up. */
    public GuestExit awaitHangUp() {
        try {
            hungUp.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw Failure.CONNECTION_LOST.because("The connection was closed.");
    }

    /** Who logged in where: {@code user@host:port}. */
    public synchronized List<String> logins() {
        return List.copyOf(logins);
    }

    @Override
    public synchronized boolean answers(Way way, Duration timeout) {
        return !deafHosts.contains(way.endpoint().host());
    }

    @Override
    public synchronized GuestConnection connect(
            Way way, HostKey pinned, String user, LoginSecret secret, Duration timeout) {
        if (refusal.isPresent()) {
            VirtainerException problem = refusal.get();
            refusal = Optional.empty();
            throw problem;
        }
        if (shownKey.filter(shown -> !shown.equals(pinned)).isPresent()) {
            throw Failure.WRONG_HOST_KEY.because("Refused to log in to " + way + ".");
        }
        logins.add(user + "@" + way);
        return new FakeConnection();
    }

    private final class FakeConnection implements GuestConnection {
        @Override
        public GuestExit run(String commandLine, ExecStreams streams) {
            return shell.apply(commandLine, streams);
        }

        @Override
        public GuestExit shell(ExecStreams streams) {
            try {
                streams.stdout().write("$ ".getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return GuestExit.ofStatus(0);
        }

        @Override
        public void close() {
            hungUp.countDown();
        }
    }
}
