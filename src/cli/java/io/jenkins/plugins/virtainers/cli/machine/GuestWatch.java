package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.TryAgainException;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.io.GuestExit;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Watches a machine's container while its guest is in use. A guest that dies may leave a connection that never ends, so
 * the watch ends it; and it knows why.
 */
final class GuestWatch implements AutoCloseable {
    /** Between a connection's end and the news of why. */
    private static final Duration NEWS = Duration.ofSeconds(2);

    private final Session session;
    private final Vm vm;
    private final CompletableFuture<Integer> exit;

    GuestWatch(Session session, Vm vm, GuestConnection guest) {
        this.session = session;
        this.vm = vm;
        this.exit = session.host().exitStatus(vm.container());
        exit.whenComplete((status, thrown) -> {
            if (!exit.isCancelled()) {
                guest.close();
            }
        });
    }

    /** Something that is done over the connection. */
    @FunctionalInterface
    interface Use {
        GuestExit run() throws InterruptedException;
    }

    /** Does it; if the connection is lost because the container ended, the error says so. */
    GuestExit explain(Use use) throws InterruptedException {
        try {
            return use.run();
        } catch (TryAgainException lost) {
            if (lost.failure() != Failure.CONNECTION_LOST) {
                throw lost;
            }
            throw reason(lost);
        }
    }

    private RuntimeException reason(TryAgainException lost) throws InterruptedException {
        try {
            int status = exit.get(NEWS.toMillis(), TimeUnit.MILLISECONDS);
            Failure failure = Failure.ofContainerStatus(status).orElse(Failure.CONTAINER_ENDED);
            return failure.because(
                    "%s on %s ended while it was in use: its container ended with status %d%s. Start another."
                            .formatted(
                                    vm.name(),
                                    session.host().address(),
                                    status,
                                    failure == Failure.CONTAINER_ENDED ? "" : " (" + failure.code() + ")"),
                    lost);
        } catch (ExecutionException | TimeoutException e) {
            return lost;
        }
    }

    @Override
    public void close() {
        exit.cancel(true);
    }
}
