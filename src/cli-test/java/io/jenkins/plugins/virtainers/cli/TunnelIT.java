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
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
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
        CommandRun run = alone("exec", "--name", name, IMAGE, "--", "hostname");
        assertEquals(0, run.status(), run.err());
        assertEquals(name, run.out().strip());
        assertTrue(run.err().contains("Reaching " + name + " through unix://"), run.err());
    }

    @Test
    void aKeptMachineIsFoundAgainCopiedToAndFromAndLoggedInTo() throws Exception {
        String name = name();
        CommandRun run = alone("run", "--name", name, "--network", "nat", "--json", IMAGE);
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

    /** Beside the direct way; both are printed. */
    @Test
    @Tag("long")
    void aGigabyteComesThroughIntact() throws Exception {
        String name = name();
        assertSucceeds(start("run", "--name", name, IMAGE));
        try {
            Path large = directory.resolve("gigabyte");
            try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
                byte[] piece = random(1 << 20);
                for (int i = 0; i < 1024; i++) {
                    piece[0] = (byte) i;
                    piece[1] = (byte) (i >> 8);
                    file.write(piece);
                }
            }
            String sum = saidBy(List.of("sha256sum"), large.toString()).substring(0, 64);
            for (boolean tunnel : new boolean[] {false, true}) {
                Instant begun = Instant.now();
                String[] command = {"cp", large.toString(), name + ":gigabyte"};
                assertSucceeds(tunnel ? alone(command) : start(command));
                System.out.printf(
                        "a gigabyte %s: %d s%n",
                        tunnel ? "through the engine" : "directly",
                        Duration.between(begun, Instant.now()).toSeconds());
                CommandRun summed = start("ssh", name, "--", "sha256sum", "gigabyte");
                assertEquals(0, summed.status(), summed.err());
                assertEquals(sum, summed.out().substring(0, 64));
            }
        } finally {
            assertSucceeds(start("rm", name));
        }
    }

    @Test
    void theScreenIsSeenThroughTheEngine() throws Exception {
        String name = name();
        assertSucceeds(alone("run", "--name", name, "--vnc", IMAGE));
        try (CommandRun screen = alone("screen", name, "--port", "6080")) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> screen.out().contains("http://127.0.0.1:6080/"));
            // Whoever is in the same network as it.
            List<String> browser = List.of(
                    "nsenter", "--net", "--target", Long.toString(screen.pid()), "curl", "-sS", "--max-time", "60");
            assertTrue(saidBy(browser, "http://127.0.0.1:6080/vnc.html").contains("<title>noVNC</title>"));
            assertTrue(saidBy(browser, "http://127.0.0.1:6080/core/rfb.js").contains("class RFB"));
            // An upgrade to the WebSocket that the page talks over, with the start of QEMU's greeting in a first frame.
            assertTrue(saidBy(
                            browser,
                            "-N",
                            "--max-time",
                            "10",
                            "-H",
                            "Connection: Upgrade",
                            "-H",
                            "Upgrade: websocket",
                            "-H",
                            "Sec-WebSocket-Version: 13",
                            "-H",
                            "Sec-WebSocket-Protocol: binary",
                            "-H",
                            "Sec-WebSocket-Key: dmlydGFpbmVycyBzY3JlZW4=",
                            "http://127.0.0.1:6080/websockify")
                    .contains("RFB 003.008"));
            screen.signal("INT");
            assertEquals(130, screen.status(), screen.err());
        } finally {
            assertSucceeds(alone("rm", name));
        }
    }

    private static String saidBy(List<String> command, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of(arguments));
        Process process = new ProcessBuilder(words).start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
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

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(5).nextBytes(bytes);
        return bytes;
    }
}
