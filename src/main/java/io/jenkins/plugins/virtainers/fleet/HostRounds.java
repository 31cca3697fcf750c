package io.jenkins.plugins.virtainers.fleet;

import hudson.model.Computer;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Work that is done on every host now and then: on all of them side by side, so that one that hangs delays no other, and on
 * each by one thread at a time. Safe for use by several threads.
 */
public final class HostRounds {
    private static final Logger LOGGER = Logger.getLogger(HostRounds.class.getName());
    /** Until the next round may begin on the hosts that are done. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String what;
    private final Duration patience;
    private final Set<String> busy = ConcurrentHashMap.newKeySet();

    /** @param what is done, for the log: {@code renewal of leases} */
    public HostRounds(String what) {
        this(what, PATIENCE);
    }

    HostRounds(String what, Duration patience) {
        this.what = what;
        this.patience = patience;
    }

    /** What is done on one host, with all that it has; what it throws ends it there alone. */
    @FunctionalInterface
    public interface Work<T> {
        void run(List<T> onOneHost) throws InterruptedException;
    }

    /**
     * Does it on all hosts that have something, but for those that an earlier round is still busy with, and waits for all
     * that take no longer than others should have to wait.
     *
     * @param things to do it with
     * @param host the address of where a thing is
     * @return whether it was done on each of them; what it threw there counts as done
     */
    public <T> boolean run(Stream<T> things, Function<T, String> host, Work<T> work) throws InterruptedException {
        List<Future<?>> begun = new ArrayList<>();
        AtomicBoolean everywhere = new AtomicBoolean(true);
        things.collect(Collectors.groupingBy(host)).forEach((address, there) -> {
            if (busy.add(address)) {
                begun.add(Computer.threadPoolForRemoting.submit(() -> run(address, there, work)));
            } else {
                LOGGER.log(Level.INFO, "{0}: {1} is busy with the last one still", new Object[] {what, address});
                everywhere.set(false);
            }
        });
        long deadline = System.nanoTime() + patience.toNanos();
        for (Future<?> one : begun) {
            try {
                one.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                LOGGER.log(Level.FINE, "{0} goes on without waiting for every host", what);
                everywhere.set(false);
            } catch (ExecutionException e) {
                LOGGER.log(Level.WARNING, what, e);
            }
        }
        return everywhere.get();
    }

    private <T> void run(String host, List<T> there, Work<T> work) {
        try {
            work.run(there);
        } catch (VirtainerException e) {
            LOGGER.log(Level.FINE, "{0} on {1}: {2}", new Object[] {what, host, e.getMessage()});
        } catch (RuntimeException | LinkageError e) {
            LOGGER.log(Level.WARNING, what + " on " + host, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            busy.remove(host);
        }
    }
}
