package io.jenkins.plugins.virtainers.cli.terminal;

import static java.util.Objects.requireNonNull;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the process was given: everything that a command knows about the world comes from here, so that a test can give
 * it another.
 *
 * @param environment variables
 * @param input standard input
 * @param output standard output: data
 * @param errors standard error: everything said to people
 */
public record Surroundings(Map<String, String> environment, InputStream input, PrintStream output, PrintStream errors) {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    public Surroundings {
        requireNonNull(input, "input");
        requireNonNull(output, "output");
        requireNonNull(errors, "errors");
        environment = Map.copyOf(environment);
    }

    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /** Whether people, rather than a file or a pipe, are at a standard stream: 0, 1 or 2. */
    public boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(DESCRIPTORS.resolve(Integer.toString(descriptor)))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (java.io.IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Whether to use colour and moving progress on standard error. */
    public boolean isLively() {
        return isTerminal(2)
                && variable("NO_COLOR").isEmpty()
                && !"dumb".equals(environment.getOrDefault("TERM", "dumb"));
    }

    /** Where this user's state is kept. */
    public Path stateDirectory() {
        return variable("XDG_STATE_HOME")
                .map(Path::of)
                .orElseGet(() -> home().resolve(".local/state"))
                .resolve("virtainers");
    }

    /** This user's home. */
    public Path home() {
        return variable("HOME").map(Path::of).orElseGet(() -> Path.of(System.getProperty("user.home")));
    }

    /** The source tree that the command was started from; absent when only the jar is here. */
    public Optional<Path> sourceTree() {
        return variable("VIRTAINERS_HOME").map(Path::of).filter(Files::isDirectory);
    }

    /** Who owns what this command creates. */
    public String owner() {
        return "cli:" + System.getProperty("user.name") + "@" + hostName();
    }

    private String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (java.io.IOException e) {
            return variable("HOSTNAME").orElse("localhost");
        }
    }
}
