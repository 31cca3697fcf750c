package io.jenkins.plugins.virtainers.cli.bench;

import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.terminal.Programs;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.spec.BootMode;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The floor of every boot and restore: QEMU alone, with the files of an image and a template, without container, runtime
 * or engine. {@code images/bare-qemu} of the source tree does it.
 */
final class BareQemu implements AutoCloseable {
    private static final String SCRIPT = "images/bare-qemu";

    private final Programs programs;
    private final Path script;
    private final Path folder;
    private final Map<String, String> variables;

    /** From the start of QEMU. */
    record Times(Duration banner, Duration login) {}

    private BareQemu(Programs programs, Path script, Path folder, Map<String, String> variables) {
        this.programs = programs;
        this.script = script;
        this.folder = folder;
        this.variables = variables;
    }

    /** Copies what is needed of a template; empty, with a word why, where it cannot be done. */
    static Optional<BareQemu> of(Surroundings surroundings, Session session, ImageRef image, String template)
            throws InterruptedException {
        Optional<Path> script =
                surroundings.sourceTree().map(tree -> tree.resolve(SCRIPT)).filter(Files::isExecutable);
        if (script.isEmpty() || !session.host().isLocal()) {
            session.screen().warn("No bare QEMU to compare with: it needs the source tree and a local engine.");
            return Optional.empty();
        }
        Path folder = temporaryFolder();
        BareQemu bare = new BareQemu(
                new Programs(surroundings),
                script.get(),
                folder,
                Map.of("DOCKER_HOST", session.host().address()));
        try {
            bare.run("prepare", image.reference(), template, folder.toString());
            return Optional.of(bare);
        } catch (io.jenkins.plugins.virtainers.engine.failure.VirtainerException e) {
            bare.close();
            session.screen().warn("No bare QEMU to compare with. " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Runs a guest once, {@link BootMode#RESTORE} or {@link BootMode#DIRECT}. */
    Times measure(BootMode mode) throws InterruptedException {
        List<String> lines = run(mode == BootMode.RESTORE ? "restore" : "boot", folder.toString());
        String[] seconds =
                lines.isEmpty() ? new String[0] : lines.get(lines.size() - 1).split(" ");
        if (seconds.length != 2) {
            throw Failure.PLATFORM.because(SCRIPT + " printed no times: " + String.join(" ", lines));
        }
        return new Times(duration(seconds[0]), duration(seconds[1]));
    }

    private List<String> run(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        List<String> lines = new ArrayList<>();
        int status = programs.run(command, variables, lines::add);
        if (status != 0) {
            throw Failure.PLATFORM.because(
                    "%s ended with status %d: %s".formatted(SCRIPT, status, String.join(" ", lines)));
        }
        return lines;
    }

    private static Duration duration(String seconds) {
        return Duration.ofMillis(Math.round(Double.parseDouble(seconds) * 1000));
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("virtainer-bench");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(BareQemu::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
