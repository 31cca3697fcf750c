package io.jenkins.plugins.virtainers.cli.engine;

import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnector;
import io.jenkins.plugins.virtainers.engine.guest.HostKey;
import io.jenkins.plugins.virtainers.engine.guest.LoginSecret;
import io.jenkins.plugins.virtainers.engine.guest.Way;
import java.time.Duration;

/**
 * Sees no guest at any address, so that all are reached through the container engine: for a network that swallows what it
 * does not let through, where every attempt takes its time.
 */
final class TunnelsAlone implements GuestConnector {
    private final GuestConnector connector;

    TunnelsAlone(GuestConnector connector) {
        this.connector = connector;
    }

    @Override
    public boolean answers(Way way, Duration timeout) throws InterruptedException {
        return way.address().isEmpty() && connector.answers(way, timeout);
    }

    @Override
    public GuestConnection connect(Way way, HostKey pinned, String user, LoginSecret secret, Duration timeout)
            throws InterruptedException {
        return connector.connect(way, pinned, user, secret, timeout);
    }
}
