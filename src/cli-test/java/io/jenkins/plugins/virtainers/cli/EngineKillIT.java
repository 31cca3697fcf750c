package io.jenkins.plugins.virtainers.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.docker.OwnEngine;
import io.jenkins.plugins.virtainers.docker.RealHosts;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The engine's daemon is killed at each step of a machine's life, and started again by its supervisor. docs/faults.md has
 * the table that this prints. Needs root and images/build debian:12.
 */
@Tag("long")
class EngineKillIT extends CommandTest {
    private static final String NAMESPACE = System.getenv().getOrDefault("VIRTAINERS_NAMESPACE", "virtainers");
    private static final String IMAGE = NAMESPACE + "/debian:12";

    /** A lease, and as long as an ended container is kept for who waits for its status. */
    private static final Duration UNTIL_CLEAN = Duration.ofSeconds(150);

    private static OwnEngine own;

    enum Step {
        CREATING,
        BOOTING,
        RUNNING,
        STOPPING
    }

    @BeforeAll
    static void startEngine() throws Exception {
        DockerEndpoint here = RealHosts.docker();
        own = OwnEngine.docker();
        own.copy(here, IMAGE, NAMESPACE + "/runtime");
    }

    @AfterAll
    static void endEngine() throws Exception {
        if (own != null) {
            own.close();
        }
    }

    @Override
    DockerEndpoint engine() {
        return own.endpoint();
    }

    @ParameterizedTest
    @EnumSource(Step.class)
    void leavesNothing(Step step) throws Exception {
        String name = name();
        CommandRun run =
                start("exec", "--name", name, "--boot", "direct", IMAGE, "--", "sh", "-c", "echo begun; sleep 600");
        switch (step) {
            case CREATING ->
                await("its container")
                        .pollInterval(Duration.ofMillis(5))
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> host.inspect(name).isPresent());
            case BOOTING -> run.awaitErr("Booting");
            case RUNNING -> run.awaitOut("begun");
            case STOPPING -> {
                run.awaitOut("begun");
                run.signal("TERM");
            }
        }
        Instant killed = Instant.now();
        own.kill();
        int status = run.status();
        long said = Duration.between(killed, Instant.now()).toSeconds();
        assertOneSentence(run);
        own.awaitAnswer();
        await("nothing left")
                .atMost(UNTIL_CLEAN)
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> {
                    assertEquals(0, start("gc").status());
                    return host.inspect(name).isEmpty();
                });
        System.err.printf(
                "killed: the engine, %s: status %d after %d s, nothing left after %d s; %s%n",
                step, status, said, Duration.between(killed, Instant.now()).toSeconds(), run.sentence());
    }

    /** Docker ends the containers of a daemon that was killed; what a machine has on its disk stays. */
    @Test
    void aKeptMachineIsStartedAgain() throws Exception {
        String name = name();
        succeeds("run", "--name", name, "--boot", "direct", IMAGE);
        succeeds("ssh", name, "--", "echo kept >mark && sync");
        own.kill();
        own.awaitAnswer();
        await("the end of the machine")
                .atMost(UNTIL_CLEAN)
                .until(() -> host.inspect(name)
                        .filter(machine -> machine.isRunning())
                        .isEmpty());
        CommandRun off = start("ssh", name, "--", "cat", "mark");
        assertOneSentence(off);
        assertTrue(off.sentence().contains("virtainer start"), off.err());
        succeeds("start", name);
        assertEquals("kept\n", succeeds("ssh", name, "--", "cat", "mark").out());
        succeeds("rm", name);
    }

    private CommandRun succeeds(String... arguments) {
        return assertSucceeds(start(arguments));
    }
}
