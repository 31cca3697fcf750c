package io.jenkins.plugins.virtainers.engine.io;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Supplier;

/**
 * A file to put into a container, owned by the user that runs QEMU there.
 *
 * @param path absolute, inside the container
 * @param content of the file; never printed
 * @param mode permission bits
 */
public record ContainerFile(String path, Content content, int mode) {
    private static final int OWNER_READS = 0400;
    private static final int ALL_READ = 0444;

    public ContainerFile {
        requireNonNull(path, "path");
        requireNonNull(content, "content");
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("not an absolute path: " + path);
        }
    }

    /** A file that only its owner reads. */
    public static ContainerFile secret(String path, String text) {
        return new ContainerFile(path, Content.of(text), OWNER_READS);
    }

    /** A file that everybody in the container reads. */
    public static ContainerFile of(String path, String text) {
        return of(path, Content.of(text));
    }

    /** A file that everybody in the container reads. */
    public static ContainerFile of(String path, Content content) {
        return new ContainerFile(path, content, ALL_READ);
    }

    /** Bytes that compare by value and do not print themselves. */
    public static final class Content {
        private final Supplier<byte[]> source;
        /** Counted once, since files may be large; empty until then. */
        private volatile String sha256 = "";

        private Content(Supplier<byte[]> source) {
            this.source = source;
        }

        public static Content of(byte[] bytes) {
            byte[] own = bytes.clone();
            return new Content(own::clone);
        }

        public static Content of(String text) {
            return of(text.getBytes(StandardCharsets.UTF_8));
        }

        /** What a file has that nobody changes; it is read whenever its bytes are asked for. */
        public static Content of(Path file) {
            return new Content(() -> {
                try {
                    return Files.readAllBytes(file);
                } catch (IOException e) {
                    throw new UncheckedIOException("reading " + file, e);
                }
            });
        }

        /** @throws UncheckedIOException when the file cannot be read */
        public byte[] bytes() {
            return source.get();
        }

        /** In hexadecimal. */
        public String sha256() {
            if (sha256.isEmpty()) {
                try {
                    sha256 = HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes()));
                } catch (NoSuchAlgorithmException e) {
                    throw new IllegalStateException("every Java has SHA-256", e);
                }
            }
            return sha256;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Content content && sha256().equals(content.sha256());
        }

        @Override
        public int hashCode() {
            return sha256().hashCode();
        }

        @Override
        public String toString() {
            return "bytes that are not shown";
        }
    }
}
