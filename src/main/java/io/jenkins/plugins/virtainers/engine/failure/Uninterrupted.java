package io.jenkins.plugins.virtainers.engine.failure;

/** Cleaning up in a thread that was told to stop. */
public final class Uninterrupted {
    private Uninterrupted() {}

    /** Work that an interruption ends. */
    @FunctionalInterface
    public interface Work {
        void run() throws InterruptedException;
    }

    /** Does the work once, and once more if it is interrupted; the thread's flag is as set afterwards as it ever was. */
    public static void run(Work work) {
        boolean interrupted = Thread.interrupted();
        try {
            work.run();
        } catch (InterruptedException first) {
            interrupted = true;
            try {
                work.run();
            } catch (InterruptedException second) {
                // Told twice: the lease ends what is left.
                Thread.currentThread().interrupt();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
