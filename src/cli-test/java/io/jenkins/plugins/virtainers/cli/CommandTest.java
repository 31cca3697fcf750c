package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.docker.DockerContainerHost;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.docker.RealHosts;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of the command share: a real engine, a state directory, names, and the promise that nothing is left. */
abstract class CommandTest {
    static final File NO_INPUT = new File("/dev/null");

    @TempDir
    Path directory;

    DockerEndpoint endpoint;
    ContainerHost host;
    private final List<String> names = new ArrayList<>();
    private final List<CommandRun> runs = new ArrayList<>();

    @BeforeEach
    void connect() {
        endpoint = engine();
        host = new DockerContainerHost(endpoint);
    }

    /** The engine that the tests run on. */
    DockerEndpoint engine() {
        return RealHosts.docker();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        if (host == null) {
            return;
        }
        runs.forEach(CommandRun::close);
        List<String> left = new ArrayList<>();
        for (String name : names) {
            Optional<Container> container = host.inspect(name);
            if (container.isPresent()) {
                left.add(name);
                host.remove(container.get().id());
            }
        }
        host.close();
        assertEquals(List.of(), left, "left behind");
    }

    /** A name for a machine that must be gone when the test ends. */
    String name() {
        String name = VmName.random().value();
        names.add(name);
        return name;
    }

    /** Starts the command on the test's engine. */
    CommandRun start(String... arguments) {
        return start(Map.of(), NO_INPUT, arguments);
    }

    CommandRun start(Map<String, String> environment, File input, String... arguments) {
        CommandRun run = CommandRun.start(directory, environment(environment), input, arguments);
        runs.add(run);
        return run;
    }

    /**
     * Runs Docker's own command on the test's engine.
     *
     * @return what it printed
     */
    String docker(String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("docker"));
        words.addAll(List.of(arguments));
        ProcessBuilder command = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
        command.environment().putAll(environment(Map.of()));
        Process process = command.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return printed;
    }

    /** Runs a program that has to succeed; what it says stands in the failure when it does not. */
    static void succeed(String... words) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> String.join(" ", words) + " said:\n" + said);
    }

    /** Registers a run that was started otherwise, to be ended with the test. */
    CommandRun keep(CommandRun run) {
        runs.add(run);
        return run;
    }

    Map<String, String> environment(Map<String, String> more) {
        Map<String, String> all = new java.util.HashMap<>(more);
        all.putIfAbsent("DOCKER_HOST", endpoint.toString());
        return all;
    }

    /** Runs the command to its end, and holds it to a status and to words in what it says. */
    CommandRun expect(int status, String words, String... arguments) {
        CommandRun run = start(arguments);
        return expect(run, status, words);
    }

    static CommandRun expect(CommandRun run, int status, String words) {
        assertEquals(status, run.status(), run.err());
        if (!run.err().contains(words)) {
            throw new AssertionError("\"" + words + "\" is not in:\n" + run.err());
        }
        assertFalse(run.err().contains("\tat "), run.err());
        return run;
    }

    /** Waits for a command's end, which has to be a good one. */
    static CommandRun assertSucceeds(CommandRun run) {
        assertEquals(0, run.status(), run.err());
        return run;
    }

    /** A command that failed because of something else says so in a sentence, unless it was told to end. */
    static void assertOneSentence(CommandRun run) {
        int status = run.status();
        assertTrue(status != 0 && status != 99, run::err);
        assertFalse(run.err().contains("\tat "), run.err());
        assertTrue(status == 143 || !run.sentence().isEmpty(), run::err);
    }
}
