package io.jenkins.plugins.virtainers.cli.copy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A file or folder of this machine. */
final class HereSource implements Source {
    private final Path path;
    private final CopyOptions options;
    private final Complaints complaints;

    HereSource(Path path, CopyOptions options, Complaints complaints) {
        this.path = path;
        this.options = options;
        this.complaints = complaints;
    }

    @Override
    public void sendTo(Target target, String name) throws InterruptedException {
        send(path, name, target);
    }

    private void send(Path from, String name, Target target) throws InterruptedException {
        try {
            PosixFileAttributes attributes = Files.readAttributes(from, PosixFileAttributes.class);
            if (attributes.isDirectory()) {
                sendFolder(from, meta(name, attributes, 0), target);
            } else if (attributes.isRegularFile()) {
                sendFile(from, meta(name, attributes, attributes.size()), target);
            } else {
                complaints.add(
                        "Cannot copy %s: not a regular file. What it yields can be piped: virtainer ssh NAME -- sh -c 'cat > FILE'"
                                .formatted(from));
            }
        } catch (IOException e) {
            complaints.cannotRead(from.toString(), Complaints.why(e));
        }
    }

    private void sendFile(Path file, Meta meta, Target target) throws IOException, InterruptedException {
        try (InputStream content = Files.newInputStream(file)) {
            target.file(meta, content::read);
        }
    }

    private void sendFolder(Path folder, Meta meta, Target target) throws IOException, InterruptedException {
        if (!options.recursive()) {
            complaints.isFolder(folder.toString());
            return;
        }
        List<Path> within = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
            found.forEach(within::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Collections.sort(within);
        if (!target.folder(meta)) {
            return;
        }
        for (Path each : within) {
            if (circles(folder, each)) {
                complaints.cannotRead(each.toString(), Complaints.why(new FileSystemLoopException(each.toString())));
            } else {
                send(each, each.getFileName().toString(), target);
            }
        }
        target.leave(meta);
    }

    /** Whether a link leads to a folder that it is in: such a copy would have no end. */
    private static boolean circles(Path folder, Path each) {
        try {
            return Files.isSymbolicLink(each)
                    && Files.isDirectory(each)
                    && folder.toRealPath().startsWith(each.toRealPath());
        } catch (IOException e) {
            // Reading it will say why.
            return false;
        }
    }

    private static Meta meta(String name, PosixFileAttributes attributes, long size) {
        return new Meta(
                name,
                Meta.mode(attributes.permissions()),
                attributes.lastModifiedTime().toMillis() / 1000,
                size);
    }
}
