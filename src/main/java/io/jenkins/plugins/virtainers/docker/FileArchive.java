package io.jenkins.plugins.virtainers.docker;

import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Files as the archive that an engine unpacks into a container. */
final class FileArchive {
    /** The contract's user, who runs QEMU. */
    static final int USER = 1000;

    private static final int LARGE_FILE_MODE = 0644;

    private static final int BLOCK = 512;

    private FileArchive() {}

    /** An archive of one large file, to unpack in its directory. */
    static InputStream of(String name, InputStream content, long size, Instant modified) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        // Left open: what would end the archive comes after the content.
        TarArchiveOutputStream tar = new TarArchiveOutputStream(header, BLOCK);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL);
        entry.setSize(size);
        entry.setMode(LARGE_FILE_MODE);
        entry.setUserId(USER);
        entry.setGroupId(USER);
        entry.setModTime(modified.toEpochMilli());
        tar.putArchiveEntry(entry);
        tar.flush();
        int padding = (int) (-size & (BLOCK - 1)) + 2 * BLOCK;
        return new SequenceInputStream(Collections.enumeration(List.of(
                new ByteArrayInputStream(header.toByteArray()), content, new ByteArrayInputStream(new byte[padding]))));
    }

    /** An archive to unpack at the root of a container. */
    static byte[] of(List<ContainerFile> files, Instant modified) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (ContainerFile file : files) {
                byte[] content = file.content().bytes();
                TarArchiveEntry entry = new TarArchiveEntry(file.path().substring(1), TarConstants.LF_NORMAL);
                entry.setSize(content.length);
                entry.setMode(file.mode());
                entry.setUserId(USER);
                entry.setGroupId(USER);
                entry.setModTime(modified.toEpochMilli());
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }
}
