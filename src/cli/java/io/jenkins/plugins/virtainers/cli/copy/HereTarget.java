package io.jenkins.plugins.virtainers.cli.copy;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** A folder of this machine. */
final class HereTarget implements Target {
    private static final int BUFFER = 64 * 1024;
    /** What the owner must be able to do in a folder while it is filled. */
    private static final int OWNER = 0700;
    /** And to a file. */
    private static final int READ_AND_WRITE = 0600;

    private final CopyOptions options;
    private final Complaints complaints;
    private final Deque<Entered> entered = new ArrayDeque<>();

    /** A folder that was entered. */
    private record Entered(Path path, boolean made) {}

    HereTarget(Path folder, CopyOptions options, Complaints complaints) {
        this.options = options;
        this.complaints = complaints;
        entered.push(new Entered(folder, false));
    }

    private Path place(Meta meta) {
        return entered.element().path().resolve(meta.name());
    }

    @Override
    public boolean folder(Meta folder) {
        Path path = place(folder);
        boolean there = Files.isDirectory(path);
        try {
            if (!there) {
                // With the mode from the beginning, for then the umask counts.
                Files.createDirectory(path, attribute(folder.mode() | OWNER));
            }
            entered.push(new Entered(path, !there));
            return true;
        } catch (IOException e) {
            complaints.cannotWrite(path.toString(), Complaints.why(e));
            return false;
        }
    }

    @Override
    public void leave(Meta folder) {
        Entered left = entered.pop();
        try {
            if (folder.isHereItself()) {
                return;
            }
            if (options.preserve()) {
                Files.setPosixFilePermissions(left.path(), folder.permissions());
                Files.setLastModifiedTime(left.path(), FileTime.fromMillis(folder.modified() * 1000));
            } else if (left.made()) {
                narrow(left.path(), folder.mode());
            }
        } catch (IOException e) {
            complaints.cannotWrite(left.path().toString(), Complaints.why(e));
        }
    }

    @Override
    public void file(Meta file, Content content) throws InterruptedException {
        Path path = place(file);
        try {
            if (Files.isDirectory(path)) {
                complaints.cannotWrite(path.toString(), "a folder of that name is there");
            } else if (Files.exists(path) && !Files.isRegularFile(path)) {
                // A device or pipe stays what it is.
                try (OutputStream device = Files.newOutputStream(path, StandardOpenOption.WRITE)) {
                    fill(device, path, content);
                }
            } else {
                writeWhole(Files.exists(path) ? path.toRealPath() : path, file, content);
            }
        } catch (IOException e) {
            complaints.cannotWrite(path.toString(), Complaints.why(e));
        }
    }

    private void writeWhole(Path path, Meta file, Content content) throws IOException, InterruptedException {
        Path part =
                path.resolveSibling(".virtainer-cp-" + ProcessHandle.current().pid() + ".part");
        Files.deleteIfExists(part);
        try {
            boolean whole;
            Files.createFile(part, attribute(file.mode() | READ_AND_WRITE));
            // Not a channel, which an interruption would close as if the disk had failed.
            try (OutputStream output = Files.newOutputStream(part, StandardOpenOption.WRITE)) {
                whole = fill(output, path, content);
            }
            if (whole) {
                dress(part, path, file);
                Files.move(part, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void dress(Path part, Path path, Meta file) throws IOException {
        if (options.preserve()) {
            Files.setPosixFilePermissions(part, file.permissions());
            Files.setLastModifiedTime(part, FileTime.fromMillis(file.modified() * 1000));
        } else if (Files.exists(path)) {
            Files.setPosixFilePermissions(part, Files.getPosixFilePermissions(path));
        } else {
            narrow(part, file.mode());
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> attribute(int mode) {
        return PosixFilePermissions.asFileAttribute(Meta.permissions(mode));
    }

    /** Takes away what only the copying needed. */
    private static void narrow(Path path, int mode) throws IOException {
        Set<PosixFilePermission> both = new HashSet<>(Files.getPosixFilePermissions(path));
        both.retainAll(Meta.permissions(mode));
        Files.setPosixFilePermissions(path, both);
    }

    /** @return whether all of it came */
    private boolean fill(OutputStream output, Path path, Content content) throws InterruptedException {
        byte[] buffer = new byte[BUFFER];
        while (true) {
            int read;
            try {
                read = content.read(buffer);
            } catch (IOException e) {
                complaints.add("Cannot copy to %s: %s.".formatted(path, Complaints.why(e)));
                return false;
            }
            if (read < 0) {
                return true;
            }
            try {
                output.write(buffer, 0, read);
            } catch (IOException e) {
                throw Failure.COPY_FAILED.because(
                        "Cannot write %s: %s. It is not there, and nothing after it was copied."
                                .formatted(path, Complaints.why(e)),
                        e);
            }
        }
    }

    @Override
    public void close() {
        // Each file that was not whole is gone already.
        entered.clear();
    }
}
