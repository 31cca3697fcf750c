package io.jenkins.plugins.virtainers.cli.terminal;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * Standard output: what cannot be written ends the command, for whoever reads it would take a part for the whole, and
 * whoever writes would never stop.
 */
public final class Delivery extends OutputStream {
    /** As a shell has it for SIGPIPE, by which other programs end when nobody reads them any more. */
    public static final int NOBODY_READS = 141;

    private final OutputStream out;
    private final PrintStream errors;
    private final IntConsumer end;
    private final AtomicBoolean failed = new AtomicBoolean();

    /** @param end ends the command with a status, in the course of time */
    public Delivery(OutputStream out, PrintStream errors, IntConsumer end) {
        this.out = out;
        this.errors = errors;
        this.end = end;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            fail(e);
            throw e;
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            out.flush();
        } catch (IOException e) {
            fail(e);
            throw e;
        }
    }

    private void fail(IOException cause) {
        if (failed.getAndSet(true)) {
            return;
        }
        if (String.valueOf(cause.getMessage()).contains("Broken pipe")) {
            end.accept(NOBODY_READS);
            return;
        }
        errors.println("virtainer: cannot write what is printed: %s. What was written is not whole."
                .formatted(cause.getMessage()));
        end.accept(Failure.OUTPUT_LOST.exitStatus());
    }
}
