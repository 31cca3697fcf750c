package io.jenkins.plugins.virtainers.fleet;

import hudson.model.Computer;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

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

    /** What is done on one host; what it throws ends it there alone. */
    @FunctionalInterface
    public interface Work {
        void run() throws InterruptedException;
    }

    /**
     * Does it on these hosts, but for those that an earlier round is still busy with, and waits for all that take no longer
     * than others should have to wait.
     *
     * @param works by the host's address
     */
    public void run(Map<String, Work> works) throws InterruptedException {
        List<Future<?>> begun = new ArrayList<>();
        works.forEach((host, work) -> {
            if (busy.add(host)) {
                begun.add(Computer.threadPoolForRemoting.submit(() -> run(host, work)));
            } else {
                LOGGER.log(Level.INFO, "{0}: {1} is busy with the last one still", new Object[] {what, host});
            }
        });
        long deadline = System.nanoTime() + patience.toNanos();
        for (Future<?> one : begun) {
            try {
                one.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                LOGGER.log(Level.FINE, "{0} goes on without waiting for every host", what);
            } catch (ExecutionException e) {
                LOGGER.log(Level.WARNING, what, e);
            }
        }
    }

    private void run(String host, Work work) {
        try {
            work.run();
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
