package io.jenkins.plugins.virtainers.engine.io;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts a stream of bytes, however it is chopped, into lines. Not for several threads. */
public final class LineReader {
    /** A guest that never ends its line must not fill our memory. */
    private static final int LONGEST_LINE = 8192;

    private final Consumer<String> lines;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    /** @param lines receives each line without its end */
    public LineReader(Consumer<String> lines) {
        this.lines = lines;
    }

    /** Takes the next bytes. */
    public void accept(byte[] bytes) {
        for (byte b : bytes) {
            if (b == '\n') {
                flush();
            } else {
                pending.write(b);
                if (pending.size() >= LONGEST_LINE) {
                    flush();
                }
            }
        }
    }

    /** Takes what is there as a line, at the end of the stream. */
    public void finish() {
        if (pending.size() > 0) {
            flush();
        }
    }

    private void flush() {
        String line = pending.toString(StandardCharsets.UTF_8);
        pending.reset();
        lines.accept(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
    }
}
