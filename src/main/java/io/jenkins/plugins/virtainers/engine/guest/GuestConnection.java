package io.jenkins.plugins.virtainers.engine.guest;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.GuestExit;
import io.jenkins.plugins.virtainers.engine.io.ShellWords;

/**
 * A login on a guest. Several commands may run over one connection at once, each from a thread of its own.
 */
public interface GuestConnection extends AutoCloseable {
    /**
     * Runs a command line through the login shell of the guest's user, until the command ends.
     *
     * @param commandLine for a shell; see {@link ShellWords}
     * @throws VirtainerException {@link Failure#CONNECTION_LOST} when the connection ends before the command
     * @throws InterruptedException when interrupted; the command is then hung up on
     */
    GuestExit run(String commandLine, ExecStreams streams) throws InterruptedException;

    /**
     * Opens the login shell of the guest's user, until it ends.
     *
     * @throws VirtainerException {@link Failure#CONNECTION_LOST} when the connection ends before the shell
     */
    GuestExit shell(ExecStreams streams) throws InterruptedException;

    /** Ends the connection, and with it everything that still runs over it. Callable from any thread, repeatedly. */
    @Override
    void close();
}
