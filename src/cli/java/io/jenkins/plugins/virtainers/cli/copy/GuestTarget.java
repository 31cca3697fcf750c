package io.jenkins.plugins.virtainers.cli.copy;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;

/** A folder of a guest's, to which {@link Scripts#RECEIVE} writes what it is sent. */
final class GuestTarget implements Target {
    private static final int BUFFER = 64 * 1024;
    private static final int BLOCK = 1024 * 1024;
    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    private static final DateTimeFormatter TOUCH =
            DateTimeFormatter.ofPattern("uuuuMMddHHmm.ss").withZone(ZoneOffset.UTC);

    private final CopyOptions options;
    private final Complaints complaints;
    private final int umask;
    private final Pipe pipe = new Pipe();
    private final OutputStream out = pipe.writer();
    private final GuestReplies replies;
    private final GuestTalk talk;

    /** @param umask of the guest's user, whose commands would make files so */
    GuestTarget(
            Place.InGuest place,
            String folder,
            GuestConnection guest,
            CopyOptions options,
            Complaints complaints,
            int umask) {
        this.options = options;
        this.complaints = complaints;
        this.umask = umask;
        this.replies = new GuestReplies(place, complaints);
        this.talk = new GuestTalk(
                guest,
                Scripts.RECEIVE,
                List.of(folder, options.preserve() ? "p" : ""),
                pipe.reader(),
                replies,
                pipe::abandon);
    }

    @Override
    public boolean folder(Meta folder) throws InterruptedException {
        if (!folder.isHereItself()) {
            send(header('D', folder, 0));
        }
        return true;
    }

    @Override
    public void leave(Meta folder) throws InterruptedException {
        if (!folder.isHereItself()) {
            send(header('U', folder, 0));
        }
    }

    @Override
    public void file(Meta file, Content content) throws InterruptedException {
        send(header('F', file, file.size()));
        send((fill(file, content) ? "ok" : "no") + "\n");
    }

    /** Sends as many bytes as were announced, whatever the content has become. */
    private boolean fill(Meta file, Content content) throws InterruptedException {
        byte[] buffer = new byte[BUFFER];
        long left = file.size();
        try {
            while (left > 0) {
                int read = content.read(buffer);
                if (read < 0) {
                    throw new IOException("it shrank while it was read");
                }
                int some = (int) Math.min(read, left);
                send(buffer, some);
                left -= some;
            }
            // Whoever reads it from a guest now hears whether that was all.
            content.read(new byte[0]);
            return true;
        } catch (IOException e) {
            complaints.add("Cannot copy %s: %s.".formatted(file.name(), Complaints.why(e)));
        }
        Arrays.fill(buffer, (byte) 0);
        while (left > 0) {
            int some = (int) Math.min(buffer.length, left);
            send(buffer, some);
            left -= some;
        }
        return false;
    }

    private String header(char kind, Meta meta, long size) {
        int mode = options.preserve() ? meta.mode() : meta.mode() & ~umask;
        String time = options.preserve() ? TOUCH.format(Instant.ofEpochSecond(meta.modified())) : "-";
        return "%c %04o %s %d %d %s".formatted(kind, mode, time, size / BLOCK, size % BLOCK, forPrintf(meta.name()))
                + "\n";
    }

    /** As printf %b of every shell reads it back: no blank, no line break, no byte beyond ASCII. */
    private static String forPrintf(String name) {
        StringBuilder written = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > 0 && PLAIN.indexOf(b) >= 0;
            written.append(plain ? String.valueOf((char) b) : "\\0%03o".formatted(b & 0xff));
        }
        return written.toString();
    }

    private void send(String text) throws InterruptedException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        send(bytes, bytes.length);
    }

    private void send(byte[] bytes, int length) throws InterruptedException {
        try {
            out.write(bytes, 0, length);
        } catch (InterruptedIOException e) {
            Thread.interrupted();
            throw new InterruptedException();
        } catch (IOException e) {
            throw ended();
        }
    }

    private VirtainerException ended() throws InterruptedException {
        String why = talk.complaint();
        return replies.end()
                .orElseGet(() -> Failure.COPY_FAILED.because("Cannot write in the guest: %s.".formatted(why)));
    }

    @Override
    public void finish() throws InterruptedException {
        pipe.end();
        if (talk.end().shellStatus() != 0) {
            throw ended();
        }
    }

    @Override
    public void close() {
        // The script sees the end of its input where more was announced, and removes what is not whole.
        pipe.end();
        pipe.abandon();
        talk.close();
    }
}
