package io.jenkins.plugins.virtainers.cli.copy;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.GuestExit;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** A guest that is a folder of this machine: its home. Ends as a login over SSH does. */
final class LocalGuest implements GuestConnection {
    private final Path home;
    private final String shell;
    private final String before;
    private volatile long dieAfter = Long.MAX_VALUE;

    /**
     * @param shell what sh is in it
     * @param before what its login shell does first
     */
    LocalGuest(Path home, String shell, String before) {
        this.home = home;
        this.shell = shell;
        this.before = before;
    }

    /** Ends the connection when as many bytes have passed, in either direction. */
    void dieAfter(long bytes) {
        dieAfter = bytes;
    }

    @Override
    public GuestExit run(String commandLine, ExecStreams streams) throws InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder("sh", "-c", before + "sh() { " + shell + " \"$@\"; }; " + commandLine)
                    .directory(home.toFile())
                    .start();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        AtomicBoolean died = new AtomicBoolean();
        AtomicBoolean closed = new AtomicBoolean();
        Runnable death = () -> {
            died.set(true);
            end(process);
        };
        pump(streams.stdin(), process.getOutputStream(), death, () -> {}, true);
        Thread errors = pump(process.getErrorStream(), streams.stderr(), death, () -> {}, false);
        Thread output = pump(
                process.getInputStream(),
                streams.stdout(),
                death,
                () -> {
                    closed.set(true);
                    end(process);
                },
                false);
        try {
            output.join();
            errors.join();
            int status = process.waitFor();
            if (died.get()) {
                throw Failure.CONNECTION_LOST.because("Lost the connection.");
            }
            return closed.get() ? GuestExit.ofSignal("PIPE") : GuestExit.ofStatus(status);
        } finally {
            // As sshd: the command's input ends, and what it does about that is its own.
            closeQuietly(process.getOutputStream());
        }
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }

    private Thread pump(InputStream from, OutputStream to, Runnable death, Runnable unwritable, boolean close) {
        Thread thread = new Thread(() -> {
            byte[] buffer = new byte[8192];
            long passed = 0;
            try {
                for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
                    passed += read;
                    if (passed > dieAfter) {
                        death.run();
                        break;
                    }
                    to.write(buffer, 0, read);
                    to.flush();
                }
            } catch (IOException e) {
                unwritable.run();
            }
            if (close) {
                closeQuietly(to);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void closeQuietly(OutputStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // The command reads no more.
            return;
        }
    }

    @Override
    public GuestExit shell(ExecStreams streams) {
        throw new UnsupportedOperationException("copies need no shell");
    }

    @Override
    public void close() {}
}
