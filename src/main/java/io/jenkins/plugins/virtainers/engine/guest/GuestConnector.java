package io.jenkins.plugins.virtainers.engine.guest;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import java.time.Duration;

/** Logs in to guests. Implementations are safe for use by several threads. */
public interface GuestConnector {
    /**
     * Whether an SSH server greets a client there within the time.
     *
     * @throws VirtainerException when it is known why not, as a {@link Tunnel} knows
     */
    boolean answers(Way way, Duration timeout) throws InterruptedException;

    /**
     * Logs in.
     *
     * @param pinned the only host key that is accepted
     * @param secret of the user
     * @param timeout for connecting and logging in together
     * @throws VirtainerException {@link Failure#WRONG_HOST_KEY}, {@link Failure#LOGIN_REFUSED}, or {@link
     *     Failure#CONNECTION_LOST} when nobody answers or the talk breaks off
     */
    GuestConnection connect(Way way, HostKey pinned, String user, LoginSecret secret, Duration timeout)
            throws InterruptedException;
}
