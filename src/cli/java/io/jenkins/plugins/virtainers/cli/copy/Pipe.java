package io.jenkins.plugins.virtainers.cli.copy;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;

/**
 * Bytes from one thread to another, held back while there are many. The JDK's own asks whether the other thread lives,
 * and threads of a pool live longer than their work.
 */
final class Pipe {
    private static final int ROOM = 256 * 1024;

    private final byte[] ring = new byte[ROOM];
    private int start;
    private int filled;
    private boolean ended;
    private boolean abandoned;

    /** Reads what is written. */
    InputStream reader() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return take(bytes, offset, length);
            }
        };
    }

    /** Writes what is read; closing it is the end. */
    OutputStream writer() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                give(bytes, offset, length);
            }

            @Override
            public void close() {
                end();
            }
        };
    }

    /** Nothing more is written. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Nothing more is read. */
    synchronized void abandon() {
        abandoned = true;
        notifyAll();
    }

    private synchronized int take(byte[] bytes, int offset, int length) throws IOException {
        try {
            while (filled == 0 && !ended && !abandoned) {
                wait();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        if (filled == 0 || abandoned) {
            return -1;
        }
        int taken = Math.min(Math.min(length, filled), ROOM - start);
        System.arraycopy(ring, start, bytes, offset, taken);
        start = (start + taken) % ROOM;
        filled -= taken;
        notifyAll();
        return taken;
    }

    private synchronized void give(byte[] bytes, int offset, int length) throws IOException {
        int given = 0;
        while (given < length) {
            try {
                while (filled == ROOM && !abandoned && !ended) {
                    wait();
                }
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            if (abandoned || ended) {
                throw new IOException("Broken pipe");
            }
            int end = (start + filled) % ROOM;
            int some = Math.min(Math.min(length - given, ROOM - filled), ROOM - end);
            System.arraycopy(bytes, offset + given, ring, end, some);
            filled += some;
            given += some;
            notifyAll();
        }
    }

    /** Streams know interruptions only so. */
    private static IOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        IOException interrupted = new InterruptedIOException();
        interrupted.initCause(cause);
        return interrupted;
    }
}
