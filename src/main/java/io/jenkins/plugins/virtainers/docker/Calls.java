package io.jenkins.plugins.virtainers.docker;

import com.github.dockerjava.api.exception.DockerException;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLException;

/**
 * Makes calls to an engine that end: each runs in a thread of its own, so that a deadline and an interruption work even
 * where a socket's own timeouts do not (those of unix sockets never do). What goes wrong becomes a sentence.
 */
final class Calls implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(Calls.class.getName());
    private static final AtomicInteger SERIAL = new AtomicInteger();

    /**
     * Of threads that make calls, and so of those that the HTTP client starts for their streams: where a connection is
     * closed while one of these writes, it has nobody to tell, and would print a stack trace.
     */
    private static final ThreadGroup CALLERS = new ThreadGroup("virtainers-docker") {
        @Override
        public void uncaughtException(Thread thread, Throwable thrown) {
            LOGGER.log(Level.FINE, thrown, () -> "The end of " + thread.getName());
        }
    };

    private final DockerEndpoint endpoint;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(CALLERS, work, "virtainers-docker-" + SERIAL.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });

    private final Supplier<Optional<String>> complaint;

    /** @param complaint of whoever carries the connections: why the last one came to nothing, when it did */
    Calls(DockerEndpoint endpoint, Supplier<Optional<String>> complaint) {
        this.endpoint = endpoint;
        this.complaint = complaint;
    }

    /**
     * Makes a call.
     *
     * @param what for the sentence: {@code start container web}
     * @throws VirtainerException when the engine cannot be asked or takes too long
     * @throws DockerException when the engine's answer is no
     */
    <T> T within(Duration timeout, String what, Callable<T> call) throws InterruptedException {
        Future<T> future = threads.submit(call);
        try {
            return result(future, timeout, what);
        } finally {
            future.cancel(true);
        }
    }

    /** As {@link #within}, but an interruption waits until the call has ended, and is only then passed on. */
    <T> T finishing(Duration timeout, String what, Callable<T> call) {
        boolean interrupted = false;
        Future<T> future = threads.submit(call);
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            while (true) {
                try {
                    return result(future, Duration.ofNanos(Math.max(1, deadline - System.nanoTime())), what);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            future.cancel(true);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private <T> T result(Future<T> future, Duration timeout, String what) throws InterruptedException {
        try {
            return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw problem(what, e.getCause());
        } catch (TimeoutException e) {
            throw Failure.ENGINE_TIMEOUT.because(
                    "Cannot %s on %s: no answer within %d s. Is the container engine overloaded or stuck? Try again, or restart it."
                            .formatted(what, endpoint, timeout.toSeconds()),
                    e);
        } catch (CancellationException e) {
            throw Failure.ENGINE_UNREACHABLE.because(
                    "Cannot %s on %s: the connection was closed.".formatted(what, endpoint), e);
        }
    }

    /** What happened, as the exception that says so; an answer of the engine's stays what it is. */
    RuntimeException problem(String what, Throwable thrown) {
        if (thrown instanceof VirtainerException known) {
            return known;
        }
        if (thrown instanceof DockerException answer) {
            return isPlainToTls(answer) ? tlsMismatch(what, answer) : answer;
        }
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException io) {
                return unreachable(what, io);
            }
        }
        return Failure.ENGINE_REFUSED.because(
                "Cannot %s on %s: %s.".formatted(what, endpoint, message(thrown)), thrown);
    }

    /** The engine's no, as the exception that says so. */
    VirtainerException refused(String what, DockerException answer) {
        Failure failure = isFull(answer) ? Failure.DISK_FULL : Failure.ENGINE_REFUSED;
        String advice = failure == Failure.DISK_FULL ? " Free some space there." : "";
        return failure.because(
                "Cannot %s on %s: the engine says \"%s\".%s".formatted(what, endpoint, EngineAnswer.of(answer), advice),
                answer);
    }

    /** What went wrong, an engine's no included, as the exception that says so. */
    VirtainerException failure(String what, Throwable thrown) {
        RuntimeException problem = problem(what, thrown);
        return problem instanceof DockerException answer ? refused(what, answer) : (VirtainerException) problem;
    }

    private VirtainerException unreachable(String what, IOException cause) {
        Optional<String> carriers = complaint.get();
        if (carriers.isPresent()) {
            return Failure.ENGINE_UNREACHABLE.because(
                    "Cannot %s on %s: %s".formatted(what, endpoint, carriers.get()), cause);
        }
        String reason = message(cause).toLowerCase(Locale.ROOT);
        if (cause instanceof SSLException || reason.contains("certificate")) {
            return tlsMismatch(what, cause);
        }
        if (cause instanceof AccessDeniedException || reason.contains("permission denied")) {
            return Failure.ENGINE_CONFIGURATION.because(
                    "Cannot %s on %s: this user may not use the socket. Run as root, or join the group that owns it (often docker)."
                            .formatted(what, endpoint),
                    cause);
        }
        if (cause instanceof UnknownHostException) {
            return Failure.ENGINE_CONFIGURATION.because(
                    "Cannot %s on %s: no such host. Check the address.".formatted(what, endpoint), cause);
        }
        boolean nobody = cause instanceof ConnectException
                || cause instanceof NoRouteToHostException
                || (cause instanceof SocketException
                        && (reason.contains("no such file") || reason.contains("connection refused")));
        return Failure.ENGINE_UNREACHABLE.because(
                nobody
                        ? "Cannot %s on %s: no container engine answers there (%s). Start it (virtainer engine start), or correct DOCKER_HOST."
                                .formatted(what, endpoint, message(cause))
                        : "Cannot %s on %s: the container engine broke off (%s). Is it still running?"
                                .formatted(what, endpoint, message(cause)),
                cause);
    }

    private VirtainerException tlsMismatch(String what, Throwable cause) {
        return Failure.ENGINE_CONFIGURATION.because(
                "Cannot %s on %s: TLS does not match (%s). Check DOCKER_TLS_VERIFY, and that the files in DOCKER_CERT_PATH belong to this engine."
                        .formatted(
                                what,
                                endpoint,
                                cause instanceof DockerException answer ? EngineAnswer.of(answer) : message(cause)),
                cause);
    }

    private static boolean isPlainToTls(DockerException answer) {
        return message(answer).toLowerCase(Locale.ROOT).contains("http request to an https server");
    }

    private static boolean isFull(DockerException answer) {
        return message(answer).contains("no space left on device");
    }

    /** The words of an exception, which may have none but its name. */
    static String message(Throwable thrown) {
        return thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
    }

    /** A thread for work that goes on beside a call. */
    ExecutorService threads() {
        return threads;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
