package io.jenkins.plugins.virtainers.engine.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** Carries bytes from one end of a conversation to the other, for what stands between the two in tests. */
public final class Pump {
    private static final int BUFFER = 1 << 16;

    private Pump() {}

    /** What is done when the sender has nothing more to say. */
    @FunctionalInterface
    public interface AtEnd {
        void run() throws IOException;
    }

    /** Carries until the end, and then does what is given, in a thread of its own. */
    public static void start(ReadableByteChannel from, WritableByteChannel to, AtEnd atEnd) {
        inBackground(() -> {
            try {
                carry(from, to);
                atEnd.run();
            } catch (IOException e) {
                // One end is gone; the other learns it from the pump in its direction.
                return;
            }
        });
    }

    /** Carries until the end. */
    public static void carry(ReadableByteChannel from, WritableByteChannel to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        while (from.read(buffer) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                to.write(buffer);
            }
            buffer.clear();
        }
    }

    /** Work that keeps no test from ending. */
    public static void inBackground(Runnable work) {
        Thread thread = new Thread(work, "pump");
        thread.setDaemon(true);
        thread.start();
    }
}
