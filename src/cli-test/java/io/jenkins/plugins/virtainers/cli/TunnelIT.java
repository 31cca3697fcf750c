package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.virtainers.cli.terminal.StateDirectory;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.guest.Tunnel;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.ShellWords;
import io.jenkins.plugins.virtainers.ssh.SshConnector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * A client with nothing but the engine's socket: in a network of its own, in which there is nobody else. Needs root and
 * virtainers/debian:12.
 */
class TunnelIT extends CommandTest {
    private static final String IMAGE =
            System.getenv().getOrDefault("VIRTAINERS_NAMESPACE", "virtainers") + "/debian:12";
    private static final List<String> ALONE =
            List.of("unshare", "--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "alone");
    private static final ObjectMapper JSON = new ObjectMapper();

    private CommandRun alone(String... arguments) {
        return keep(CommandRun.start(directory, environment(Map.of()), NO_INPUT, ALONE, arguments));
    }

    @Test
    void execWorksAndLeavesNothing() {
        String name = name();
        CommandRun run = alone("exec", "--name", name, "--cpus", "2", IMAGE, "--", "hostname");
        assertEquals(0, run.status(), run.err());
        assertEquals(name, run.out().strip());
        assertTrue(run.err().contains("Reaching " + name + " through unix://"), run.err());
    }

    @Test
    void aKeptMachineIsFoundAgainCopiedToAndFromAndLoggedInTo() throws Exception {
        String name = name();
        CommandRun run = alone("run", "--name", name, "--cpus", "2", "--network", "nat", "--json", IMAGE);
        assertEquals(0, run.status(), run.err());
        try {
            JsonNode machine = JSON.readTree(run.out());
            assertTrue(machine.get("tunnel").booleanValue(), run.out());
            assertFalse(machine.has("port"), run.out());

            Path large = Files.write(directory.resolve("large"), random(20_000_003));
            Path back = directory.resolve("back");
            assertSucceeds(alone("cp", large.toString(), name + ":large"));
            assertSucceeds(alone("cp", name + ":large", back.toString()));
            assertArrayEquals(Files.readAllBytes(large), Files.readAllBytes(back));

            CommandRun failing = alone("ssh", name, "--", "sh", "-c", "echo seen; exit 7");
            assertEquals(7, failing.status(), failing.err());
            assertEquals("seen\n", failing.out());

            assertEquals(name, loggedInBySsh(machine));
            assertEquals(name, loggedInAsThePluginDoes(name));
            assertNobodyIsJoined(name);
        } finally {
            assertSucceeds(alone("rm", name));
        }
    }

    /** With OpenSSH's client and the line that run prints. */
    private String loggedInBySsh(JsonNode machine) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(ALONE);
        machine.get("ssh").forEach(word -> command.add(word.textValue()));
        command.add("hostname");
        ProcessBuilder ssh = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        ssh.environment().putAll(environment(Map.of("XDG_STATE_HOME", directory.toString())));
        ssh.environment().put("PATH", launcher().getParent() + ":" + System.getenv("PATH"));
        Process process = ssh.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        return said.strip();
    }

    /** Whose variant of the SSH library makes its own sockets. */
    private String loggedInAsThePluginDoes(String name) throws InterruptedException {
        Vm vm = Vm.of(host.inspect(name).orElseThrow()).orElseThrow();
        SshKeyPair key = new StateDirectory(directory.resolve("virtainers"))
                .key(vm.name())
                .orElseThrow();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (SshConnector connector = new SshConnector();
                GuestConnection guest =
                        connector.connect(new Tunnel(host, vm), vm.hostKey(), vm.user(), key, Duration.ofMinutes(2))) {
            guest.run("hostname", ExecStreams.output(said, said));
        }
        return said.toString(StandardCharsets.UTF_8).strip();
    }

    private Path launcher() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String line = ShellWords.join(List.of(java.toString(), "-jar", System.getProperty("virtainer.jar")));
        Path launcher = Files.createDirectory(directory.resolve("bin")).resolve("virtainer");
        Files.writeString(launcher, "#!/bin/sh\nexec " + line + " \"$@\"\n");
        return Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    }

    private void assertNobodyIsJoined(String name) {
        Awaitility.await("the end of all tunnels")
                .atMost(Duration.ofSeconds(30))
                .until(() -> !docker("top", name).contains("socat -b"));
    }

    private static void assertSucceeds(CommandRun run) {
        assertEquals(0, run.status(), run.err());
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(5).nextBytes(bytes);
        return bytes;
    }
}
