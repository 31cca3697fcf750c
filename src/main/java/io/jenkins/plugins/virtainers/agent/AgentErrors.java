package io.jenkins.plugins.virtainers.agent;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Passes on what the agent's program says beside its work, and remembers how it began. */
final class AgentErrors extends FilterOutputStream {
    private static final int REMEMBERED = 4096;

    private final StringBuilder beginning = new StringBuilder();

    AgentErrors(OutputStream log) {
        super(log);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        synchronized (beginning) {
            if (beginning.length() < REMEMBERED) {
                beginning.append(new String(bytes, offset, length, StandardCharsets.UTF_8));
            }
        }
        out.write(bytes, offset, length);
    }

    boolean saysJavaIsTooOld() {
        synchronized (beginning) {
            return beginning.indexOf("UnsupportedClassVersionError") >= 0;
        }
    }
}
