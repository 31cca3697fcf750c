package io.jenkins.plugins.virtainers.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.host.Container;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each of those who have a part in a machine is killed at each step of its life: one sentence, and nothing is left.
 * docs/faults.md has the table that this prints. Needs images/build debian:12.
 */
@Tag("long")
class KillMatrixIT extends CommandTest {
    /** That nobody renews, and then as long as an ended container is kept for who waits for its status. */
    private static final Duration LEASE = Duration.ofSeconds(90);

    private static final Duration KEPT = Duration.ofSeconds(60);

    enum Victim {
        COMMAND,
        QEMU,
        FIRST_PROCESS,
        SSHD
    }

    enum Step {
        BOOTING,
        RUNNING,
        STOPPING
    }

    @ParameterizedTest
    @CsvSource({
        "QEMU, BOOTING",
        "QEMU, RUNNING",
        "QEMU, STOPPING",
        "FIRST_PROCESS, BOOTING",
        "FIRST_PROCESS, RUNNING",
        "FIRST_PROCESS, STOPPING",
        "SSHD, RUNNING",
        "COMMAND, BOOTING",
        "COMMAND, RUNNING",
        "COMMAND, STOPPING"
    })
    void leavesNothing(Victim victim, Step step) throws Exception {
        String name = name();
        String script =
                "echo begun; %s; sleep 600".formatted(victim == Victim.SSHD ? "sleep 1; sudo pkill -9 sshd" : "true");
        CommandRun run = start("exec", "--name", name, "debian:12", "--", "sh", "-c", script);
        if (step == Step.BOOTING) {
            run.awaitErr("Booting");
        } else {
            run.awaitOut("begun");
        }
        long pid = pid(victim, run, name);
        if (step == Step.STOPPING) {
            run.signal("TERM");
        }
        Instant killed = Instant.now();
        if (pid > 0) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        boolean wentOn = step == Step.BOOTING && victim == Victim.QEMU && goesOn(run);
        if (wentOn) {
            run.signal("TERM");
        }
        int status = run.status();
        long said = Duration.between(killed, Instant.now()).toSeconds();
        if (victim == Victim.COMMAND) {
            assertEquals(137, status, run::err);
            awaitItsEnd(name);
        } else {
            assertOneSentence(run);
        }
        assertTrue(host.inspect(name).isEmpty(), "it is there still");
        System.err.printf(
                "killed: %s, %s%s: status %d after %d s, nothing left after %d s; %s%n",
                victim,
                step,
                wentOn ? " (another booted, and was ended)" : "",
                status,
                said,
                Duration.between(killed, Instant.now()).toSeconds(),
                run.sentence());
    }

    /** A restored guest whose QEMU ends before it is ready is booted instead. */
    private static boolean goesOn(CommandRun run) {
        await("its end, or another QEMU")
                .atMost(Duration.ofMinutes(5))
                .until(() -> run.hasEnded() || run.out().contains("begun"));
        return !run.hasEnded();
    }

    /** Of who is to be killed; none where that is the guest's own work. */
    private long pid(Victim victim, CommandRun run, String name) throws IOException, InterruptedException {
        return switch (victim) {
            case COMMAND -> run.pid();
            case FIRST_PROCESS ->
                Long.parseLong(
                        docker("inspect", "--format", "{{.State.Pid}}", name).strip());
            case QEMU -> awaitQemu(name);
            case SSHD -> 0;
        };
    }

    private long awaitQemu(String name) {
        return await("QEMU").atMost(Duration.ofMinutes(1)).until(() -> qemu(name), pid -> pid > 0);
    }

    private long qemu(String name) throws IOException, InterruptedException {
        return docker("top", name, "-eo", "pid,comm")
                .lines()
                .map(line -> line.strip().split("\\s+", 2))
                .filter(words -> words[1].startsWith("qemu-system"))
                .mapToLong(words -> Long.parseLong(words[0]))
                .findFirst()
                .orElse(0);
    }

    /** The lease ends it, and then it is anybody's to remove. */
    private void awaitItsEnd(String name) {
        await("the end of its lease")
                .atMost(LEASE.plusSeconds(30))
                .until(() -> host.inspect(name).filter(Container::isRunning).isEmpty());
        await("its removal")
                .atMost(KEPT.plusSeconds(30))
                .pollInterval(Duration.ofSeconds(5))
                .until(() -> {
                    assertEquals(0, start("gc").status());
                    return host.inspect(name).isEmpty();
                });
    }
}
