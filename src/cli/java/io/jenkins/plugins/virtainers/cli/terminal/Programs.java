package io.jenkins.plugins.virtainers.cli.terminal;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Other programs of this machine. */
public final class Programs {
    /** Where daemons are, which a user's path may not name. */
    private static final List<String> SYSTEM = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

    private static final long END_SECONDS = 10;

    private final Surroundings surroundings;

    public Programs(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** A program on the path. */
    public Optional<Path> find(String name) {
        String path = surroundings.variable("PATH").orElse("/usr/bin:/bin");
        return Stream.concat(Stream.of(path.split(File.pathSeparator)), SYSTEM.stream())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** A process with this machine's surroundings, not started. */
    public ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(surroundings.environment());
        return builder;
    }

    /**
     * Runs a program to its end, without input. An interruption ends it.
     *
     * @param lines receives what it prints, on both streams
     * @return its exit status
     */
    public int run(List<String> command, Map<String, String> variables, Consumer<String> lines)
            throws InterruptedException {
        ProcessBuilder builder = builder(command).redirectErrorStream(true);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        builder.environment().putAll(variables);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw Failure.PLATFORM.because("Cannot run %s: %s.".formatted(command.get(0), e.getMessage()), e);
        }
        Thread reader = new Thread(() -> read(process, lines), "virtainers-program");
        reader.setDaemon(true);
        reader.start();
        try {
            int status = process.waitFor();
            reader.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
            return status;
        } finally {
            end(process);
        }
    }

    private static void read(Process process, Consumer<String> lines) {
        // One that was ended while it spoke ends in the middle of a line.
        try (Scanner output = new Scanner(process.getInputStream(), StandardCharsets.UTF_8).useDelimiter("\r?\n")) {
            output.tokens().map(Programs::lastWritten).forEach(lines);
        }
    }

    /** What a terminal shows in the end of a line that was written over, as progress is. */
    private static String lastWritten(String line) {
        return line.substring(line.lastIndexOf('\r') + 1);
    }

    /** Asks first, so that a script can clean up after itself. */
    private static void end(Process process) {
        if (!process.isAlive()) {
            return;
        }
        process.destroy();
        boolean interrupted = Thread.interrupted();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            process.destroyForcibly();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
