package io.jenkins.plugins.virtainers.cli.terminal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Ctrl-C, SIGTERM and SIGHUP end the command in order: the thread that works is interrupted, cleans up, and only then
 * does the process end, with the status that the signal has (130, 143, 129).
 */
public final class Interruption {
    /** Longer than any single clean-up takes; whoever waits longer sends SIGKILL, and the lease does the rest. */
    private static final Duration CLEAN_UP = Duration.ofSeconds(60);

    private Interruption() {}

    /** Does the work in this thread and returns its status. */
    public static int guard(IntSupplier work) {
        Thread worker = Thread.currentThread();
        CountDownLatch done = new CountDownLatch(1);
        Thread hook = new Thread(
                () -> {
                    if (done.getCount() > 0) {
                        worker.interrupt();
                        await(done);
                    }
                },
                "virtainers-interruption");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return work.getAsInt();
        } finally {
            done.countDown();
        }
    }

    private static void await(CountDownLatch done) {
        try {
            done.await(CLEAN_UP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
