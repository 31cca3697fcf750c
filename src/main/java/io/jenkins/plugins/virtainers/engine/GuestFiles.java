package io.jenkins.plugins.virtainers.engine;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Copies files to and from a guest over a connection, by nothing but a shell and {@code cat}: as fast as the connection,
 * and with no server beside sshd.
 */
public final class GuestFiles {
    private static final int IS_DIRECTORY = 21;

    /** Arguments: path, name for a directory, length, mode. */
    private static final String UPLOAD = """
            p=$1; if [ -d "$p" ]; then p=${p%/}/$2; fi
            cat >"$p.part" && n=$(wc -c <"$p.part") && if [ "$n" -ne "$3" ]; then
              rm -f "$p.part"; echo "only $n of $3 bytes arrived" >&2; exit 1
            fi && chmod "$4" "$p.part" && mv -f "$p.part" "$p"
            """;

    private final GuestConnection guest;

    public GuestFiles(GuestConnection guest) {
        this.guest = guest;
    }

    /**
     * Writes a file in the guest. Until it is complete, it is at {@code PATH.part}.
     *
     * @param content read to its end
     * @param length that the content must have
     * @param executable whether the guest may run it
     * @param path in the guest, absolute or from the user's home; a directory takes the file under its name
     * @param name of the file, for a path that is a directory
     * @throws VirtainerException {@link Failure#COPY_FAILED} with the guest's words, {@link Failure#CONNECTION_LOST}
     */
    public void upload(InputStream content, long length, boolean executable, String path, String name)
            throws InterruptedException {
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        GuestExit exit = guest.run(
                ShellWords.join(List.of(
                        "sh", "-c", UPLOAD, "sh", path, name, Long.toString(length), executable ? "755" : "644")),
                ExecStreams.of(content, OutputStream.nullOutputStream(), complaints));
        require(exit, "Cannot write " + path + " in the guest", complaints);
    }

    /**
     * Reads a file from the guest.
     *
     * @param path in the guest, absolute or from the user's home
     * @param content receives the file; incomplete when this throws
     * @throws VirtainerException {@link Failure#COPY_FAILED} with the guest's words, {@link Failure#CONNECTION_LOST}
     */
    public void download(String path, OutputStream content) throws InterruptedException {
        String script = "p=%s; if [ -d \"$p\" ]; then exit %d; fi; exec cat -- \"$p\""
                .formatted(ShellWords.quote(path), IS_DIRECTORY);
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        GuestExit exit = guest.run(
                "sh -c " + ShellWords.quote(script),
                ExecStreams.of(InputStream.nullInputStream(), content, complaints));
        if (exit.shellStatus() == IS_DIRECTORY) {
            throw Failure.COPY_FAILED.because(
                    "Cannot read %s in the guest: it is a directory. Pack it: virtainer ssh NAME -- tar -C %s -c ."
                            .formatted(path, ShellWords.quote(path)));
        }
        require(exit, "Cannot read " + path + " in the guest", complaints);
    }

    private static void require(GuestExit exit, String what, ByteArrayOutputStream complaints) {
        if (exit.shellStatus() != 0) {
            String says = ConsoleTail.clean(
                    complaints.toString(StandardCharsets.UTF_8).strip().replace('\n', ' '));
            throw Failure.COPY_FAILED.because(
                    "%s: %s.".formatted(what, says.isEmpty() ? "status " + exit.shellStatus() : says));
        }
    }
}
