package io.jenkins.plugins.virtainers.fleet;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The time by which hosts are lost, for tests that cannot wait for it. */
public final class HostTime {
    private final AtomicLong ahead = new AtomicLong();

    /** Takes the place of this process's own for the running Jenkins. */
    public static HostTime install() {
        HostTime time = new HostTime();
        HostContacts.get().tellTimeBy(() -> System.nanoTime() + time.ahead.get());
        return time;
    }

    public void advance(Duration duration) {
        ahead.addAndGet(duration.toNanos());
    }
}
