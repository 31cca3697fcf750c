package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.docker.RealHosts;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The command as people run it: a process of its own, started from the built jar. */
final class CommandRun implements AutoCloseable {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Process process;
    private final Path out;
    private final Path err;

    private CommandRun(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts the command; its streams go to files. */
    static CommandRun start(Path directory, Map<String, String> environment, File input, String... arguments) {
        return start(directory, environment, input, List.of(), arguments);
    }

    /** Starts the command behind another one, such as setpriv. */
    static CommandRun start(
            Path directory, Map<String, String> environment, File input, List<String> prefix, String... arguments) {
        try {
            Path out = Files.createTempFile(directory, "out", "");
            Path err = Files.createTempFile(directory, "err", "");
            // Who runs the tests in the background may have them ignore signals, and then their children do.
            List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP,INT,TERM"));
            command.addAll(prefix);
            command.addAll(java("-XX:SharedArchiveFile=" + Classes.ARCHIVE));
            command.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(input)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().put("XDG_STATE_HOME", directory.toString());
            builder.environment().putAll(environment);
            return new CommandRun(builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> java(String option) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                option,
                "-Xshare:auto",
                "-Xlog:disable",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                System.getProperty("virtainer.jar"));
    }

    /** The command's classes as a JVM has them in memory, as the launcher keeps them too: half of a start's time. */
    private static final class Classes {
        static final Path ARCHIVE = dump();

        private static Path dump() {
            Path archive = Path.of(System.getProperty("virtainer.jar"))
                    .resolveSibling("virtainer-test-" + ProcessHandle.current().pid() + ".jsa");
            archive.toFile().deleteOnExit();
            List<String> command = new ArrayList<>(java("-XX:ArchiveClassesAtExit=" + archive));
            command.addAll(List.of("ps", "--quiet"));
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD);
                builder.environment().put("DOCKER_HOST", RealHosts.docker().toString());
                // Without an archive, commands only start more slowly.
                builder.start().waitFor(1, TimeUnit.MINUTES);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
            return archive;
        }
    }

    /** Waits for its end. */
    int status() {
        try {
            if (!process.waitFor(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("still running; it said:\n" + err());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    boolean hasEnded() {
        return !process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    Path outFile() {
        return out;
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    /** Why it failed, which it says last; empty where it said nothing. */
    String sentence() {
        List<String> lines =
                err().lines().filter(line -> line.startsWith("virtainer: ")).toList();
        return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }

    /** Until its standard error has a text. */
    void awaitErr(String text) {
        Awaitility.await(text)
                .atMost(LONGEST)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> err().contains(text) || !process.isAlive());
        if (!err().contains(text)) {
            throw new AssertionError("ended with " + process.exitValue() + " and said:\n" + err());
        }
    }

    /** Until its standard output has a text. */
    void awaitOut(String text) {
        Awaitility.await(text)
                .atMost(LONGEST)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> out().contains(text) || !process.isAlive());
    }

    /** Sends it a signal: {@code INT}, {@code TERM}. */
    void signal(String name) throws IOException, InterruptedException {
        int sent = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (sent != 0) {
            throw new AssertionError("kill ended with " + sent);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
