package io.jenkins.plugins.virtainers.cli.copy;

import static java.util.Objects.requireNonNull;

import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * What is known of a file or folder before its content.
 *
 * @param name one component of a path; "." is the folder itself that it goes to
 * @param mode permissions, as chmod has them in octal
 * @param modified in seconds of Unix time
 * @param size in bytes; 0 for a folder
 */
record Meta(String name, int mode, long modified, long size) {
    private static final String ALL = "rwxrwxrwx";
    /** Of permissions; set-uid and its like do not travel. */
    private static final int PERMISSIONS = 0777;

    Meta {
        requireNonNull(name, "name");
        mode &= PERMISSIONS;
    }

    /** Whether it is the folder that is there already, whose permissions and times are its own. */
    boolean isHereItself() {
        return name.equals(".");
    }

    Set<PosixFilePermission> permissions() {
        return permissions(mode);
    }

    static Set<PosixFilePermission> permissions(int mode) {
        StringBuilder written = new StringBuilder(ALL);
        for (int i = 0; i < ALL.length(); i++) {
            if ((mode >> (ALL.length() - 1 - i) & 1) == 0) {
                written.setCharAt(i, '-');
            }
        }
        return PosixFilePermissions.fromString(written.toString());
    }

    /** Permissions as chmod has them. */
    static int mode(Set<PosixFilePermission> permissions) {
        return Integer.parseInt(
                PosixFilePermissions.toString(permissions)
                        .replaceAll("[rwx]", "1")
                        .replace('-', '0'),
                2);
    }
}
