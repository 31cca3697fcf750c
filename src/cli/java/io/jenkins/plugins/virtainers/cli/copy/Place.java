package io.jenkins.plugins.virtainers.cli.copy;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.io.WrittenPath;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an argument names: something here, or something in a guest. */
public sealed interface Place {
    /** Its last component; empty when that is no name of its own, as in {@code .} and {@code /}. */
    Optional<String> lastName();

    /** Whether only a folder will do. */
    boolean meansFolder();

    /** The machine that it is in; empty for this one. */
    Optional<VmName> machine();

    /** Reads an argument: what is before a colon is a machine, unless a slash is before the colon. */
    static Place parse(String argument) {
        Matcher inGuest = InGuest.WRITTEN.matcher(argument);
        return inGuest.matches()
                ? new InGuest(new VmName(inGuest.group("name")), new GuestPath(inGuest.group("path")))
                : new Here(
                        argument,
                        WrittenPath.of(argument)
                                .orElseThrow(() ->
                                        new InvalidSpecException("\"%s\" can be no file's path.".formatted(argument))));
    }

    /** A path of this machine. */
    record Here(String typed, Path path) implements Place {
        @Override
        public Optional<String> lastName() {
            return Optional.ofNullable(path.getFileName())
                    .map(Path::toString)
                    .filter(name -> !name.isEmpty() && !name.equals(".") && !name.equals(".."));
        }

        @Override
        public boolean meansFolder() {
            return typed.endsWith("/") || lastName().isEmpty();
        }

        @Override
        public Optional<VmName> machine() {
            return Optional.empty();
        }

        @Override
        public String toString() {
            return typed;
        }
    }

    /** A path in a guest. */
    record InGuest(VmName name, GuestPath path) implements Place {
        private static final Pattern WRITTEN = Pattern.compile("(?s)(?<name>[a-z0-9][a-z0-9-]*):(?<path>.*)");

        @Override
        public Optional<String> lastName() {
            return path.lastName();
        }

        @Override
        public boolean meansFolder() {
            return path.meansFolder();
        }

        @Override
        public Optional<VmName> machine() {
            return Optional.of(name);
        }

        @Override
        public String toString() {
            return name + ":" + path.typed();
        }
    }
}
