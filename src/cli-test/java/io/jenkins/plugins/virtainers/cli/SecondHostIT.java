package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.docker.OwnEngine;
import io.jenkins.plugins.virtainers.docker.RealHosts;
import io.jenkins.plugins.virtainers.docker.SecondHost;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.template.Templates;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Another machine with an engine of its own, reached by SSH, whose /dev/kvm belongs to a group that this machine knows
 * nothing of. Needs root, OpenSSH's server and virtainers/debian:12.
 */
class SecondHostIT extends CommandTest {
    private static final String NAMESPACE = System.getenv().getOrDefault("VIRTAINERS_NAMESPACE", "virtainers");
    private static final String IMAGE = NAMESPACE + "/debian:12";
    private static final int GROUP = 4711;
    private static final String GROUPS_OF_QEMU =
            "cd /proc; for name in [0-9]*/comm; do grep -q ^qemu-system $name && grep ^Groups: ${name%/*}/status; done";

    @TempDir
    static Path folder;

    private static SecondHost second;

    @BeforeAll
    static void start() throws Exception {
        DockerEndpoint here = RealHosts.docker();
        boolean kvm = Files.exists(Path.of("/dev/kvm"));
        second = SecondHost.start(
                folder, network -> kvm ? OwnEngine.dockerWithKvmIn(network, GROUP) : OwnEngine.dockerIn(network));
        second.engine().copy(here, IMAGE, NAMESPACE + "/runtime");
    }

    @AfterAll
    static void end() throws Exception {
        if (second != null) {
            second.close();
        }
    }

    @Override
    DockerEndpoint engine() {
        return second.engine().endpoint();
    }

    private CommandRun far(String... arguments) {
        Map<String, String> environment = new HashMap<>(Map.of("DOCKER_HOST", second.address()));
        environment.put("PATH", second.ssh().bin() + ":" + System.getenv("PATH"));
        return start(environment, NO_INPUT, arguments);
    }

    @Test
    void aMachineOfItIsRunCopiedToAndFromAndRemoved() throws Exception {
        String name = name();
        succeeds("run", "--name", name, "--accel", "tcg", "--boot", "direct", IMAGE);
        try {
            JsonNode machines =
                    new ObjectMapper().readTree(succeeds("ps", "--json").out());
            assertTrue(machines.findValuesAsText("name").contains(name), machines.toString());

            byte[] bytes = new byte[5_000_003];
            new Random(8).nextBytes(bytes);
            Path large = Files.write(directory.resolve("large"), bytes);
            Path back = directory.resolve("back");
            succeeds("cp", large.toString(), name + ":large");
            succeeds("cp", name + ":large", back.toString());
            assertArrayEquals(bytes, Files.readAllBytes(back));
            assertEquals(name, succeeds("ssh", name, "--", "hostname").out().strip());
        } finally {
            succeeds("rm", name);
        }
    }

    /** Neither comes to an end where KVM is one that no usual kernel gets on with; what they were given is told before. */
    @Test
    void guestsAndMakersOfTemplatesAreInTheGroupOfItsKvm() throws Exception {
        if (!Files.exists(Path.of("/dev/kvm"))) {
            throw RealHosts.skip("KVM OF A SECOND HOST: SKIPPED, THIS ONE HAS NO /dev/kvm");
        }
        CommandRun doctor = far("doctor");
        doctor.status();
        if (doctor.out().contains("KVM refuses")) {
            throw RealHosts.skip("KVM OF A SECOND HOST: SKIPPED, IT REFUSES QEMU HERE: " + doctor.out());
        }
        assertTrue(doctor.out().contains("KVM works for group " + GROUP), doctor.out() + doctor.err());
        String name = name();
        try (CommandRun guest = far("run", "--name", name, "--boot", "direct", IMAGE)) {
            assertIsOnKvm(guest, () -> host.inspect(name));
        } finally {
            succeeds("rm", name);
        }
        try (CommandRun warm = far("warm", IMAGE)) {
            assertIsOnKvm(warm, () -> host.list(Templates.KEEPERS).stream().findFirst());
        } finally {
            for (Container keeper : host.list(Templates.KEEPERS)) {
                host.remove(keeper.id());
            }
        }
    }

    private void assertIsOnKvm(CommandRun run, Callable<Optional<Container>> wanted) throws Exception {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> run.hasEnded()
                        || wanted.call().filter(Container::isRunning).isPresent());
        Container container = wanted.call().orElseThrow(() -> new AssertionError(run.err()));
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> said(container).contains(" qemu: started"));
        assertTrue(said(container).contains(" accel: kvm: /dev/kvm works"), said(container));
        String groups = docker("exec", container.name(), "bash", "-c", GROUPS_OF_QEMU);
        assertTrue(groups.matches("Groups:.*\\b" + GROUP + "\\b\\s*"), groups);
    }

    private String said(Container container) throws Exception {
        Process logs = new ProcessBuilder("docker", "-H", endpoint.toString(), "logs", container.name())
                .redirectErrorStream(true)
                .start();
        return new String(logs.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private CommandRun succeeds(String... arguments) {
        return assertSucceeds(far(arguments));
    }
}
