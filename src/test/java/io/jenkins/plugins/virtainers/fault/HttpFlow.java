package io.jenkins.plugins.virtainers.fault;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One direction of a conversation in HTTP/1.1: heads are read, bodies go on as they come. Of one thread at a time. */
final class HttpFlow {
    private static final int LONGEST_HEAD = 1 << 16;

    private final ReadableByteChannel from;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).limit(0);
    private Optional<Thread> listening = Optional.empty();

    HttpFlow(ReadableByteChannel from) {
        this.from = from;
    }

    /** Has it noticed, until it is read on, when the other end has said all or is gone. */
    void listen(Runnable atEnd) {
        listening = Optional.of(FaultProxy.inBackground("listening", () -> {
            try {
                if (!buffer.hasRemaining() && !fill()) {
                    atEnd.run();
                }
            } catch (IOException e) {
                atEnd.run();
            }
        }));
    }

    private void readOn() throws IOException {
        if (listening.isPresent()) {
            FaultProxy.join(listening.get());
            listening = Optional.empty();
        }
    }

    /** The next head; nothing when the other end has said all. */
    Optional<HttpHead> head() throws IOException {
        readOn();
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            String line = line();
            if (line.isEmpty() && head.isEmpty()) {
                return Optional.empty();
            }
            if (line.isEmpty() || head.length() > LONGEST_HEAD) {
                throw new EOFException("no head: " + head);
            }
            head.append(line);
        }
        return Optional.of(new HttpHead(head.toString()));
    }

    /** Carries the body that a head announces, as it is framed. */
    void carryBody(HttpHead head, WritableByteChannel to) throws IOException {
        if (!head.isChunked()) {
            carry(head.length().orElse(0L), to);
            return;
        }
        boolean last = false;
        while (!last) {
            String size = line();
            last = size.startsWith("0");
            write(size.getBytes(StandardCharsets.ISO_8859_1), to);
            carry(Long.parseLong(size.strip().replaceFirst(";.*", ""), 16) + 2, to);
        }
    }

    /** The body that a head announces, without its framing. */
    byte[] body(HttpHead head) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        WritableByteChannel into = Channels.newChannel(body);
        if (!head.isChunked()) {
            carry(head.length().orElse(0L), into);
            return body.toByteArray();
        }
        while (true) {
            long size = Long.parseLong(line().strip().replaceFirst(";.*", ""), 16);
            carry(size, into);
            line();
            if (size == 0) {
                return body.toByteArray();
            }
        }
    }

    /** Carries all that comes until the other end has said all. */
    void carryAll(WritableByteChannel to) throws IOException {
        readOn();
        while (buffer.hasRemaining() || fill()) {
            to.write(buffer);
        }
    }

    private void carry(long bytes, WritableByteChannel to) throws IOException {
        long left = bytes;
        while (left > 0) {
            if (!buffer.hasRemaining() && !fill()) {
                throw new EOFException(left + " bytes are missing");
            }
            ByteBuffer part = buffer.slice(buffer.position(), (int) Math.min(left, buffer.remaining()));
            buffer.position(buffer.position() + part.remaining());
            left -= part.remaining();
            while (part.hasRemaining()) {
                to.write(part);
            }
        }
    }

    /** With its line break; empty at the end. */
    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < LONGEST_HEAD && (buffer.hasRemaining() || fill())) {
            char next = (char) (buffer.get() & 0xff);
            line.append(next);
            if (next == '\n') {
                break;
            }
        }
        return line.toString();
    }

    private boolean fill() throws IOException {
        buffer.clear();
        int count = from.read(buffer);
        buffer.flip();
        return count > 0;
    }

    static void write(byte[] bytes, WritableByteChannel to) throws IOException {
        ByteBuffer all = ByteBuffer.wrap(bytes);
        while (all.hasRemaining()) {
            to.write(all);
        }
    }
}
