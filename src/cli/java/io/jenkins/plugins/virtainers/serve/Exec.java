package io.jenkins.plugins.virtainers.serve;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.GuestExit;
import io.jenkins.plugins.virtainers.engine.io.ShellWords;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A command to run in a guest, as JSON has it.
 *
 * @param command the program and its arguments, each of which reaches it unchanged
 * @param stdin what it reads, in UTF-8; nothing when absent
 * @param timeoutSeconds after which it is hung up on; ten minutes when absent
 */
record Exec(List<String> command, Optional<String> stdin, Optional<Integer> timeoutSeconds) {
    private static final int KEPT = 1 << 20;
    private static final int USUAL = 600;

    /**
     * How it ended.
     *
     * @param status its exit status, or 128 and the number of the signal that ended it
     * @param stdout the first mebibyte of what it wrote, as UTF-8
     * @param stderr the same of its errors
     * @param truncated whether it wrote more
     */
    record Result(int status, String stdout, String stderr, boolean truncated) {}

    Result in(Machines machines, VmName name) throws InterruptedException {
        if (command == null || command.isEmpty()) {
            throw new InvalidSpecException("Say which \"command\" to run, such as [\"cat\", \"/etc/os-release\"].");
        }
        int seconds = timeoutSeconds.orElse(USUAL);
        if (seconds < 1) {
            throw new InvalidSpecException("\"timeoutSeconds\" must be at least 1, was " + seconds + ".");
        }
        Start stdout = new Start();
        Start stderr = new Start();
        byte[] input = stdin.orElse("").getBytes(StandardCharsets.UTF_8);
        GuestExit exit = machines.run(
                name,
                ShellWords.join(command),
                ExecStreams.of(new ByteArrayInputStream(input), stdout, stderr),
                Duration.ofSeconds(seconds));
        return new Result(exit.shellStatus(), stdout.text(), stderr.text(), stdout.more || stderr.more);
    }

    /** Keeps the start of what is written. */
    private static final class Start extends OutputStream {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private boolean more;

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            int room = Math.min(length, KEPT - kept.size());
            kept.write(bytes, offset, room);
            more |= room < length;
        }

        String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }
    }
}
