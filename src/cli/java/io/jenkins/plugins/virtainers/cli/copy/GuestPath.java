package io.jenkins.plugins.virtainers.cli.copy;

import java.util.Optional;

/**
 * A path in a guest as people write it: absolute, or from the home directory, which is also {@code ~} and nothing at all.
 *
 * @param typed as it was written
 */
record GuestPath(String typed) {
    /** For a shell that starts in the home directory; never begins with a dash. */
    String forShell() {
        String below = typed.equals("~")
                ? ""
                : typed.startsWith("~/") ? typed.substring(2).replaceFirst("^/+", "") : typed;
        String whole = below.replaceFirst("^(\\./+)+", "").replaceFirst("/+\\z", "");
        if (below.startsWith("/")) {
            return whole.isEmpty() ? "/" : whole;
        }
        return whole.isEmpty() || whole.equals(".") ? "." : "./" + whole;
    }

    /** Its last component; empty when that is no name of its own, as in {@code ~}, {@code /} and {@code ..}. */
    Optional<String> lastName() {
        String path = forShell();
        String last = path.substring(path.lastIndexOf('/') + 1);
        return Optional.of(last).filter(name -> !name.isEmpty() && !name.equals(".") && !name.equals(".."));
    }

    /** The folder that its last component is in. */
    GuestPath parent() {
        String path = forShell();
        int slash = path.lastIndexOf('/');
        return new GuestPath(slash == 0 ? "/" : slash < 0 ? "." : path.substring(0, slash));
    }

    /** Whether only a folder will do. */
    boolean meansFolder() {
        return typed.endsWith("/") || lastName().isEmpty();
    }

    /** A path of the shell's as people write it. */
    static String shown(String forShell) {
        return forShell.replaceFirst("^\\./(?=.)", "").replaceFirst("^/+", "/");
    }
}
