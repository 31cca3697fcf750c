package io.jenkins.plugins.virtainers.engine;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;

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
        private final byte[] bytes;

        private Content(byte[] bytes) {
            this.bytes = bytes;
        }

        public static Content of(byte[] bytes) {
            return new Content(bytes.clone());
        }

        public static Content of(String text) {
            return new Content(text.getBytes(StandardCharsets.UTF_8));
        }

        public byte[] bytes() {
            return bytes.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Content content && java.util.Arrays.equals(bytes, content.bytes);
        }

        @Override
        public int hashCode() {
            return java.util.Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return bytes.length + " bytes";
        }
    }
}
