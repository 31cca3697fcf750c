package io.jenkins.plugins.virtainers.engine.spec;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** A disk image to boot in place of a container image's own guest: raw or qcow2, also as xz, gz or zst. */
public sealed interface DiskImage {
    /**
     * An image on this machine, which is copied into the container.
     *
     * @param file read when the container is made
     */
    record InFile(Path file) implements DiskImage {
        public InFile {
            requireNonNull(file, "file");
        }

        @Override
        public String toString() {
            return file.toString();
        }
    }

    /**
     * An image that the container fetches, and that stays with its host for the next container.
     *
     * @param url http or https
     */
    record AtAddress(String url) implements DiskImage {
        private static final Pattern ADDRESS = Pattern.compile(
                "(?i)https?://[^/\\s\\p{Cntrl}\u0080-\u009f\u2028\u2029]+/[^\\s\\p{Cntrl}\u0080-\u009f\u2028\u2029]*");
        private static final Pattern LOGIN = Pattern.compile("//[^/]*@");

        public AtAddress {
            if (!ADDRESS.matcher(url).matches()) {
                throw new InvalidSpecException(
                        "Disk image \"%s\" is no address: write one that begins with https:// or http://."
                                .formatted(withoutLogin(url)));
            }
        }

        /** Whether this is meant as an address, right or wrong, and not as the name of a file. */
        public static boolean isMeant(String written) {
            return written.regionMatches(true, 0, "http://", 0, 7) || written.regionMatches(true, 0, "https://", 0, 8);
        }

        private static String withoutLogin(String url) {
            return LOGIN.matcher(url).replaceFirst("//");
        }

        /** The address, without the name and password that may be in it. */
        @Override
        public String toString() {
            return withoutLogin(url);
        }
    }
}
