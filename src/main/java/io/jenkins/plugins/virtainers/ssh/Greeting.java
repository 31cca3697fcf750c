package io.jenkins.plugins.virtainers.ssh;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** A client of a tunnel that says nothing, hears the first bytes of the server, and has then heard enough. */
final class Greeting extends OutputStream {
    private static final String SSH = "SSH-";

    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private final CountDownLatch enough = new CountDownLatch(1);

    /** What the client says: nothing, until it ends. */
    InputStream silence() {
        return new InputStream() {
            @Override
            public int read(byte[] bytes, int offset, int length) {
                return read();
            }

            @Override
            public int read() {
                try {
                    enough.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return -1;
            }
        };
    }

    boolean isSsh() {
        synchronized (heard) {
            return heard.toString(StandardCharsets.ISO_8859_1).startsWith(SSH);
        }
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        synchronized (heard) {
            heard.write(bytes, offset, Math.min(length, SSH.length() - Math.min(heard.size(), SSH.length())));
            if (heard.size() < SSH.length()) {
                return;
            }
        }
        enough.countDown();
    }

    /** Ends what the client says, whatever it heard. */
    @Override
    public void close() {
        enough.countDown();
    }
}
