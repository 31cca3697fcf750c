package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.virtainers.docker.RealHosts;
import io.jenkins.plugins.virtainers.docker.SshServer;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client in a network of its own, from which nothing leads to this machine but a line to its SSH server: to the client,
 * this machine is another one. Needs root, OpenSSH's server and virtainers/debian:12.
 */
class SshEngineIT extends CommandTest {
    private static final String IMAGE =
            System.getenv().getOrDefault("VIRTAINERS_NAMESPACE", "virtainers") + "/debian:12";
    private static final String NETWORK = "vt" + ProcessHandle.current().pid();
    /** Of RFC 2544's range for benchmarks. */
    private static final String HERE = "198.19.77.1";

    private static final int PORT = 2222;
    private static final List<String> FAR = List.of("nsenter", "--net=/run/netns/" + NETWORK, "--");

    @TempDir
    static Path folder;

    private static SshServer server;

    @BeforeAll
    static void layALine() throws Exception {
        succeed("ip", "netns", "add", NETWORK);
        succeed("ip", "link", "add", NETWORK, "type", "veth", "peer", "name", "far", "netns", NETWORK);
        succeed("ip", "addr", "add", HERE + "/30", "dev", NETWORK);
        succeed("ip", "link", "set", NETWORK, "up");
        succeed("ip", "-n", NETWORK, "addr", "add", "198.19.77.2/30", "dev", "far");
        succeed("ip", "-n", NETWORK, "link", "set", "far", "up");
        succeed("ip", "-n", NETWORK, "link", "set", "lo", "up");
        server = SshServer.start(Files.createDirectory(folder.resolve("sshd")), HERE, PORT, System.getenv("PATH"));
    }

    @AfterAll
    static void cutIt() throws Exception {
        if (server != null) {
            server.close();
        }
        new ProcessBuilder("ip", "netns", "delete", NETWORK).inheritIO().start().waitFor();
    }

    private CommandRun far(String... arguments) {
        return farAt(server.engine(""), arguments);
    }

    private CommandRun farAt(String engine, String... arguments) {
        Map<String, String> environment = new HashMap<>(environment(Map.of("DOCKER_HOST", engine)));
        environment.put("PATH", server.bin() + ":" + System.getenv("PATH"));
        return keep(CommandRun.start(directory, environment, NO_INPUT, FAR, arguments));
    }

    @Test
    void execWorksAndLeavesNothing() throws Exception {
        String name = name();
        CommandRun run = far("exec", "--name", name, IMAGE, "--", "hostname");
        assertEquals(0, run.status(), run.err());
        assertEquals(name, run.out().strip());
        assertNothingIsLeft();
    }

    @Test
    void aKeptMachineIsFoundAgainCopiedToAndFromAndRemoved() throws Exception {
        String name = name();
        assertSucceeds(far("run", "--name", name, IMAGE));
        try {
            JsonNode machines = new ObjectMapper()
                    .readTree(assertSucceeds(far("ps", "--json")).out());
            assertTrue(machines.findValuesAsText("name").contains(name), machines.toString());

            byte[] bytes = new byte[20_000_003];
            new Random(7).nextBytes(bytes);
            Path large = Files.write(directory.resolve("large"), bytes);
            Path back = directory.resolve("back");
            assertSucceeds(far("cp", large.toString(), name + ":large"));
            assertSucceeds(far("cp", name + ":large", back.toString()));
            assertArrayEquals(bytes, Files.readAllBytes(back));

            CommandRun failing = far("ssh", name, "--", "sh", "-c", "echo seen; exit 7");
            assertEquals(7, failing.status(), failing.err());
            assertEquals("seen\n", failing.out());
        } finally {
            assertSucceeds(far("rm", name));
        }
    }

    @Test
    void nothingIsLeftOfACommandThatIsKilled() throws Exception {
        String name = name();
        CommandRun run = far("run", "--name", name, "--boot", "direct", IMAGE);
        Awaitility.await("its container")
                .atMost(Duration.ofMinutes(2))
                .until(() ->
                        host.inspect(name).filter(found -> found.isRunning()).isPresent());
        run.close();
        assertNoSshIsLeft();
        host.remove(host.inspect(name).orElseThrow().id());
        // The next command removes the files.
        assertSucceeds(far("ps"));
        assertNothingIsLeft();
    }

    @Test
    void whatSshSaysIsSaid() throws Exception {
        expect(farAt("ssh://root@" + HERE + ":1", "ps"), Failure.ENGINE_UNREACHABLE.exitStatus(), "Connection refused");
        expect(farAt("ssh://root@far.invalid", "ps"), Failure.ENGINE_UNREACHABLE.exitStatus(), "far.invalid");
        expect(farAt("ssh://nobody@" + HERE + ":" + PORT, "ps"), Failure.ENGINE_UNREACHABLE.exitStatus(), "Permission");
        expect(farAt(server.engine("/none.sock"), "ps"), Failure.ENGINE_UNREACHABLE.exitStatus(), "/none.sock");
        expect(farAt("ssh://me:secret@far", "ps"), Failure.ENGINE_CONFIGURATION.exitStatus(), "not an address");
        Path known = server.folder().resolve("known_hosts");
        String right = Files.readString(known);
        try {
            Files.writeString(
                    known,
                    right.substring(0, right.indexOf(' ') + 1)
                            + Files.readString(server.folder().resolve("user.pub")));
            expect(far("ps"), Failure.ENGINE_UNREACHABLE.exitStatus(), "Host key verification failed.");
        } finally {
            Files.writeString(known, right);
        }
        assertSucceeds(far("ps"));
        assertNothingIsLeft();
    }

    @Test
    void anEngineMayBePodmanOnAHostWithoutDocker() throws Exception {
        Path commands = Files.createDirectory(folder.resolve("commands"));
        for (String command : List.of("sh", "cat", "podman")) {
            Files.createSymbolicLink(commands.resolve(command), Path.of("/usr/bin", command));
        }
        try (RealHosts.Podman podman = RealHosts.podman();
                SshServer without = SshServer.start(
                        Files.createDirectory(folder.resolve("other")), HERE, PORT + 1, commands.toString())) {
            Map<String, String> environment = Map.of(
                    "DOCKER_HOST",
                    without.engine(podman.endpoint().uri().getPath()),
                    "PATH",
                    without.bin() + ":" + System.getenv("PATH"));
            CommandRun doctor = keep(CommandRun.start(directory, environment, NO_INPUT, FAR, "doctor"));
            doctor.status();
            assertTrue(doctor.out().contains("Podman"), doctor.out() + doctor.err());
        }
    }

    private static void assertNoSshIsLeft() {
        Awaitility.await("the end of every ssh")
                .atMost(Duration.ofSeconds(30))
                .until(() -> ProcessHandle.allProcesses()
                        .noneMatch(process -> process.info()
                                .commandLine()
                                .filter(line -> line.contains("ControlPath=" + temporary()))
                                .isPresent()));
    }

    private static void assertNothingIsLeft() throws IOException {
        assertNoSshIsLeft();
        Path temporary = Path.of(temporary());
        try (Stream<Path> files = Files.list(temporary.getParent())) {
            assertEquals(
                    List.of(),
                    files.filter(file -> file.toString().startsWith(temporary.toString()))
                            .toList());
        }
    }

    private static String temporary() {
        return System.getProperty("java.io.tmpdir") + "/virtainers-dial-";
    }
}
