package io.jenkins.plugins.virtainers.cli.copy;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.io.ConsoleTail;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@link Scripts#SEND} writes: headers that end with NUL, and after that of a file as many bytes as it says. */
final class GuestReader {
    private static final int BUFFER = 64 * 1024;
    private static final int LONGEST_HEADER = 64 * 1024;
    private static final Pattern FILE = Pattern.compile("(?s)F ([0-7]{1,6}) (-?\\d{1,15}) (\\d{1,18}) (.*)");
    private static final Pattern FOLDER = Pattern.compile("(?s)D ([0-7]{1,6}) (-?\\d{1,15}) (.*)");
    private static final Pattern COMPLAINT = Pattern.compile("(?s)E ([^\t]*)\t(.*)");

    private final InputStream in;
    private final Place.InGuest place;
    private final GuestTalk talk;
    private boolean begun;

    GuestReader(InputStream in, Place.InGuest place, GuestTalk talk) {
        this.in = new BufferedInputStream(in, BUFFER);
        this.place = place;
        this.talk = talk;
    }

    /**
     * What comes next.
     *
     * @param text name of a file or folder, path of what is complained of
     */
    record Header(char kind, int mode, long modified, long size, String text, String why) {}

    /** Empty at the end. */
    Optional<Header> next() throws InterruptedException {
        String line = line();
        if (!begun && line.endsWith(Scripts.BEGIN)) {
            // Before it stands what a login shell says at its start.
            begun = true;
            line = line();
        }
        if (line.isEmpty()) {
            return Optional.empty();
        }
        if (line.equals("U") || line.equals("R")) {
            return Optional.of(new Header(line.charAt(0), 0, 0, 0, "", ""));
        }
        Matcher file = FILE.matcher(line);
        if (file.matches()) {
            return Optional.of(new Header(
                    'F',
                    Integer.parseInt(file.group(1), 8),
                    Long.parseLong(file.group(2)),
                    Long.parseLong(file.group(3)),
                    file.group(4),
                    ""));
        }
        Matcher folder = FOLDER.matcher(line);
        if (folder.matches()) {
            return Optional.of(new Header(
                    'D',
                    Integer.parseInt(folder.group(1), 8),
                    Long.parseLong(folder.group(2)),
                    0,
                    folder.group(3),
                    ""));
        }
        Matcher complaint = COMPLAINT.matcher(line);
        if (complaint.matches()) {
            return Optional.of(new Header('E', 0, 0, 0, complaint.group(2), complaint.group(1)));
        }
        throw broken();
    }

    private String line() throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            int b = in.read();
            for (; b > 0; b = in.read()) {
                bytes.write(b);
                if (bytes.size() > LONGEST_HEADER) {
                    throw broken();
                }
            }
            if (b == 0 && bytes.size() == 0) {
                throw broken();
            }
        } catch (IOException e) {
            throw interrupted(e);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The content of the file whose header came last. */
    Body body(long size) {
        return new Body(size);
    }

    /** As much as the header said, and then the word that it was all. */
    final class Body {
        private long left;

        private Body(long size) {
            this.left = size;
        }

        int read(byte[] buffer) throws InterruptedException {
            if (left <= 0) {
                requireEnd();
                return -1;
            }
            try {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw broken();
                }
                left -= read;
                return read;
            } catch (IOException e) {
                throw interrupted(e);
            }
        }

        /** Before the file gets its name: one that shrank while it was read would have swallowed the word. */
        private void requireEnd() throws InterruptedException {
            if (left == 0) {
                left = -1;
                if (!line().equals(".")) {
                    throw broken();
                }
            }
        }

        void skipRest() throws InterruptedException {
            byte[] buffer = new byte[BUFFER];
            while (left >= 0) {
                read(buffer);
            }
        }
    }

    /** Why what came makes no sense, or ended: the connection's reason comes before the guess. */
    VirtainerException broken() throws InterruptedException {
        try {
            if (talk.hasEnded() && talk.end().shellStatus() != 0) {
                return Failure.COPY_FAILED.because("Cannot read %s: %s.".formatted(place, talk.complaint()));
            }
        } catch (VirtainerException lost) {
            return lost;
        }
        return Failure.COPY_FAILED.because(
                "Cannot read %s: it changed while it was read. Copy it again.".formatted(place));
    }

    private static InterruptedException interrupted(IOException e) {
        Thread.interrupted();
        InterruptedException interrupted = new InterruptedException();
        interrupted.initCause(e);
        return interrupted;
    }

    /** What a guest calls something, as it may be shown. */
    static String clean(String text) {
        return ConsoleTail.clean(text.replace('\n', '?'));
    }
}
