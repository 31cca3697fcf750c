package io.jenkins.plugins.virtainers.engine;

import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Renews the lease of one virtual machine for as long as its maker lives. A renewal that fails is tried again at the
 * next turn; four turns make a lease.
 */
public final class LeaseKeeper implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(LeaseKeeper.class.getName());
    private static final int TURNS_PER_LEASE = 4;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "virtainers-lease");
        thread.setDaemon(true);
        return thread;
    });

    LeaseKeeper(VmEngine engine, Vm vm) {
        vm.lease().ifPresent(lease -> {
            long turn = lease.dividedBy(TURNS_PER_LEASE).toMillis();
            timer.scheduleAtFixedRate(() -> renew(engine, vm, lease), turn, turn, TimeUnit.MILLISECONDS);
        });
    }

    private static void renew(VmEngine engine, Vm vm, Duration lease) {
        try {
            engine.renewLease(vm.container());
        } catch (VirtainerException e) {
            LOGGER.log(Level.FINE, "Cannot renew the lease of " + vm.name() + " (" + lease.toSeconds() + " s)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
