package io.jenkins.plugins.virtainers.cli.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.virtainers.cli.terminal.Programs;
import io.jenkins.plugins.virtainers.cli.terminal.Screen;
import io.jenkins.plugins.virtainers.cli.terminal.StateDirectory;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.docker.DockerEndpoints;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A Docker of our own starting, for machines that have none: Debian's docker.io, installed if need be. What was started is
 * written down, and {@link #stop} ends that and nothing else.
 */
final class EngineDaemon {
    private static final Path SOCKET = Path.of("/var/run/docker.sock");
    private static final Path SYSTEMD = Path.of("/run/systemd/system");
    private static final String PACKAGE = "docker.io";
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(60);
    private static final long ATTEMPT_MILLIS = 100;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Surroundings surroundings;
    private final Screen screen;
    private final Programs programs;
    private final StateDirectory state;
    private final Path record;

    EngineDaemon(Surroundings surroundings, Screen screen) {
        this.surroundings = surroundings;
        this.screen = screen;
        this.programs = new Programs(surroundings);
        this.state = new StateDirectory(surroundings.stateDirectory());
        this.record = state.file("engine.json");
    }

    /** The daemon that was started and still runs. */
    record Started(long pid, Instant since, boolean bySystemd) {}

    /**
     * Starts Docker, installing it first if need be.
     *
     * @param agreed whether the user need not be asked
     */
    DockerEndpoint start(boolean agreed) throws InterruptedException {
        boolean installed = programs.find("dockerd").isPresent();
        requirePossible(installed);
        requireConsent(agreed, installed);
        if (!installed) {
            install();
        }
        if (!answers()) {
            launch();
            awaitSocket();
        }
        return DockerEndpoint.ofSocket(SOCKET);
    }

    /** Ends the daemon that {@link #start} started; false when there is none. */
    boolean stop() throws InterruptedException {
        Optional<Started> started = started();
        if (started.isEmpty()) {
            forget();
            return false;
        }
        screen.step("Stopping the container engine that virtainer started");
        if (started.get().bySystemd()) {
            run(List.of("systemctl", "stop", "docker.socket", "docker.service"), "stop Docker");
        } else {
            end(ProcessHandle.of(started.get().pid()).orElseThrow());
        }
        forget();
        return true;
    }

    /** What was started and still runs. A process that merely inherited its number is not it. */
    Optional<Started> started() {
        if (!Files.exists(record)) {
            return Optional.empty();
        }
        try {
            JsonNode written = JSON.readTree(record.toFile());
            Started started = new Started(
                    written.path("pid").asLong(),
                    Instant.parse(written.path("since").asText()),
                    written.path("systemd").asBoolean());
            return ProcessHandle.of(started.pid())
                    .filter(process -> process.info().startInstant().equals(Optional.of(started.since())))
                    .map(process -> started);
        } catch (IOException | java.time.format.DateTimeParseException e) {
            screen.warn("Cannot read " + record + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private void requirePossible(boolean installed) {
        if (!"root".equals(System.getProperty("user.name"))) {
            throw Failure.ENGINE_UNREACHABLE.because(
                    "No container engine found, and only root can start one. Start Docker or Podman, or set DOCKER_HOST.");
        }
        if (!installed && programs.find("apt-get").isEmpty()) {
            throw Failure.ENGINE_UNREACHABLE.because(
                    "No container engine found, and this system has no apt-get to install one with. Install Docker or Podman.");
        }
    }

    private void requireConsent(boolean agreed, boolean installed) {
        String what = installed ? "start Docker" : "install " + PACKAGE + " with apt-get, and start it";
        boolean consented = agreed
                || surroundings.variable("VIRTAINERS_YES").isPresent()
                || !surroundings.isTerminal(0)
                || isAnsweredYes(what);
        if (!consented) {
            throw Failure.ENGINE_UNREACHABLE.because(
                    "No container engine found, and you do not want one. Set DOCKER_HOST.");
        }
        screen.say("No container engine found: virtainer will " + what + " (virtainer engine stop ends it).");
    }

    private boolean isAnsweredYes(String what) {
        surroundings.errors().print("virtainer: No container engine found. May virtainer " + what + "? [Y/n] ");
        surroundings.errors().flush();
        try {
            String answer =
                    new BufferedReader(new InputStreamReader(surroundings.input(), StandardCharsets.UTF_8)).readLine();
            return answer != null
                    && (answer.isBlank()
                            || answer.strip().toLowerCase(Locale.ROOT).startsWith("y"));
        } catch (IOException e) {
            return false;
        }
    }

    private void install() throws InterruptedException {
        screen.step("Installing " + PACKAGE);
        run(List.of("apt-get", "update", "-q"), "read the package lists");
        run(
                List.of(
                        "apt-get",
                        "-o",
                        "DPkg::Lock::Timeout=120",
                        "install",
                        "-y",
                        "-q",
                        "--no-install-recommends",
                        PACKAGE,
                        "iptables"),
                "install " + PACKAGE);
    }

    private void launch() throws InterruptedException {
        screen.step("Starting Docker");
        if (Files.isDirectory(SYSTEMD)) {
            run(List.of("systemctl", "start", "docker.service"), "start Docker");
            long pid = Long.parseLong(
                    output(List.of("systemctl", "show", "--property", "MainPID", "--value", "docker.service"))
                            .strip());
            ProcessHandle.of(pid).ifPresent(process -> remember(process, true));
        } else {
            remember(detached(), false);
        }
    }

    private ProcessHandle detached() {
        Path log = state.file("engine.log");
        try {
            Files.createDirectories(log.getParent());
            // A session of its own, so that a Ctrl-C meant for this command does not reach it.
            Process process = programs.builder(List.of(
                            "setsid", programs.find("dockerd").orElseThrow().toString(), "--host", "unix://" + SOCKET))
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
                    .redirectErrorStream(true)
                    .start();
            return process.toHandle();
        } catch (IOException e) {
            throw Failure.ENGINE_UNREACHABLE.because("Cannot start dockerd: " + e.getMessage() + ".", e);
        }
    }

    private void remember(ProcessHandle process, boolean bySystemd) {
        String since = process.info().startInstant().map(Instant::toString).orElse("");
        state.write(
                record,
                "{\"pid\": %d, \"since\": \"%s\", \"systemd\": %s}%n".formatted(process.pid(), since, bySystemd),
                "rw-------");
    }

    private void awaitSocket() throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        // A listening socket announces itself to nobody; asking is the only way.
        while (!answers()) {
            if (started().isEmpty()) {
                throw Failure.ENGINE_UNREACHABLE.because(
                        "Cannot start Docker: dockerd ended at once. It said:" + tailOfLog());
            }
            if (System.nanoTime() > deadline) {
                throw Failure.ENGINE_TIMEOUT.because(
                        "Cannot start Docker: its socket %s did not answer within %d s. It said:%s"
                                .formatted(SOCKET, START.toSeconds(), tailOfLog()));
            }
            TimeUnit.MILLISECONDS.sleep(ATTEMPT_MILLIS);
        }
    }

    private static boolean answers() {
        return DockerEndpoints.listens(SOCKET);
    }

    private String tailOfLog() {
        try {
            List<String> lines = Files.readAllLines(state.file("engine.log"));
            return lines.stream()
                    .skip(Math.max(0, lines.size() - 5))
                    .reduce("", (text, line) -> text + "\n  | " + line);
        } catch (IOException e) {
            return " nothing.";
        }
    }

    private static void end(ProcessHandle process) throws InterruptedException {
        process.destroy();
        try {
            process.onExit().get(STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw Failure.ENGINE_TIMEOUT.because(
                    "Cannot stop dockerd (process %d): it still runs after %d s."
                            .formatted(process.pid(), STOP.toSeconds()),
                    e);
        }
    }

    private void forget() {
        try {
            Files.deleteIfExists(record);
        } catch (IOException e) {
            screen.warn("Cannot delete " + record + ": " + e.getMessage());
        }
    }

    private void run(List<String> command, String what) throws InterruptedException {
        int status = programs.run(command, Map.of("DEBIAN_FRONTEND", "noninteractive"), screen::passOn);
        if (status != 0) {
            throw failed(what, "%s ended with status %d".formatted(String.join(" ", command), status));
        }
    }

    private String output(List<String> command) throws InterruptedException {
        StringBuilder output = new StringBuilder();
        programs.run(command, Map.of(), line -> output.append(line).append('\n'));
        return output.toString();
    }

    private static VirtainerException failed(String what, String how) {
        return Failure.ENGINE_UNREACHABLE.because("Cannot %s: %s. Do it by hand, then try again.".formatted(what, how));
    }
}
