package io.jenkins.plugins.virtainers.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.docker.LiarImage;
import io.jenkins.plugins.virtainers.docker.RealHosts;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.fault.FaultProxy;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What goes wrong is said in a sentence, with a status of its own, and leaves nothing. On a real engine, with a container
 * that lies instead of booting a guest, so that each takes a second.
 */
class FaultsIT extends CommandTest {
    @BeforeAll
    static void build() throws Exception {
        LiarImage.build(RealHosts.docker());
    }

    private CommandRun lying(String name, String lie) {
        return start("exec", "--name", name, "--env", "LIE=" + lie, "liar:1", "--", "true");
    }

    @Test
    void saysThatAnImageIsNowhere() {
        expect(
                Failure.IMAGE_NOT_FOUND.exitStatus(),
                "Cannot find image nowhere:1",
                "exec",
                "--name",
                name(),
                "nowhere:1",
                "--",
                "true");
    }

    @Test
    void makesTheFolderOfADiskAndRefusesSomebodyElses() throws IOException {
        Path made = directory.resolve("srv/web");
        start("exec", "--name", name(), "--data", made.toString(), "--timeout", "2s", "liar:1", "--", "true")
                .status();
        assertEquals(1000, Files.getAttribute(made, "unix:uid"));

        Path others = Files.createDirectory(directory.resolve("others"));
        Files.writeString(others.resolve("index.html"), "theirs");
        expect(
                Failure.RIGHTS.exitStatus(),
                "in %s on unix:///var/run/docker.sock: it belongs to uid 0".formatted(others),
                "exec",
                "--name",
                name(),
                "--data",
                others.toString(),
                "liar:1",
                "--",
                "true");
        assertEquals(0, Files.getAttribute(others, "unix:uid"));
    }

    @Test
    void removesWhatAnybodyLeftBehindAndNothingElse() throws Exception {
        String left = name() + "-left";
        String wanted = name() + "-wanted";
        String kept = name() + "-kept";
        leave(left, "--label", Labels.LEASE + "=1");
        leave(wanted, "--label", Labels.LEASE + "=3600");
        leave(kept);
        try {
            await("the end of its lease")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> gc("--dry-run").out().lines().anyMatch(left::equals));
            assertTrue(docker("ps", "-a").contains(left), "so far it was only said");
            CommandRun gc = gc();
            assertTrue(gc.err().contains("Removing %s, of somebody".formatted(left)), gc.err());
            assertTrue(gc.out().lines().toList().contains(left), gc.out());
            String there = docker("ps", "-a", "--format", "{{.Names}}");
            assertFalse(there.contains(left), there);
            assertTrue(there.contains(wanted) && there.contains(kept), there);
        } finally {
            docker("rm", "--force", left, wanted, kept);
        }
    }

    private CommandRun gc(String... options) {
        List<String> words = new ArrayList<>(List.of("gc"));
        words.addAll(List.of(options));
        CommandRun gc = start(words.toArray(String[]::new));
        assertEquals(0, gc.status(), gc::err);
        return gc;
    }

    /** A container of another user's, who was killed before it was started. */
    private static void leave(String container, String... labels) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(
                List.of("docker", "create", "--name", container, "--label", Labels.OWNER + "=somebody"));
        words.addAll(List.of(labels));
        words.add(ImageRef.parse("liar:1").reference());
        succeed(words.toArray(String[]::new));
    }

    @Test
    void refusesMoreMemoryThanTheHostHas() {
        expect(
                Failure.HOST_TOO_SMALL.exitStatus(),
                "of memory were asked for and the host has",
                "exec",
                "--name",
                name(),
                "--memory",
                "900T",
                "liar:1",
                "--",
                "true");
    }

    @Test
    void refusesUserDataThatIsNoYaml() throws IOException {
        Path file = directory.resolve("user-data");
        Files.writeString(file, "#cloud-config\na: [b\n");
        expect(
                Failure.USAGE.exitStatus(),
                "it is not valid YAML",
                "exec",
                "--name",
                name(),
                "--user-data",
                file.toString(),
                "liar:1",
                "--",
                "true");
    }

    @Test
    void refusesASeedThatCloudInitWouldNotFind() {
        expect(
                Failure.USAGE.exitStatus(),
                "This seed is no volume that cloud-init looks for",
                "exec",
                "--name",
                name(),
                "--seed",
                "LICENSE",
                "liar:1",
                "--",
                "true");
    }

    @Test
    void quotesTheConsoleOfAGuestThatPanicked() {
        CommandRun run =
                expect(lying(name(), "panic"), Failure.GUEST_FAILED.exitStatus(), "the guest's kernel panicked");
        assertTrue(run.err().contains("| Kernel panic - not syncing"), run.err());
    }

    @ParameterizedTest
    @ValueSource(ints = {65, 79})
    void endsWithTheStatusOfTheContainer(int status) {
        expect(lying(name(), "fail " + status + " code This is the reason."), status, "This is the reason.");
    }

    @Test
    void noticesAContainerThatIsKilledWhileBooting() throws Exception {
        String name = name();
        CommandRun run = lying(name, "idle");
        run.awaitErr("Booting");
        await().atMost(Duration.ofSeconds(30)).until(() -> isRunning(name));
        Instant killed = Instant.now();
        host.remove(host.inspect(name).orElseThrow().id());
        expect(run, Failure.CONTAINER_ENDED.exitStatus(), "liar:1");
        assertTrue(Duration.between(killed, Instant.now()).toSeconds() < 30, "well before the deadline of ten minutes");
    }

    @Test
    void givesUpOnAGuestThatNeverStartsSshd() {
        CommandRun run =
                start("exec", "--name", name(), "--timeout", "1s", "--env", "LIE=idle", "liar:1", "--", "true");
        expect(run, Failure.NOT_READY.exitStatus(), "no SSH within");
    }

    @Test
    void saysThatAGuestIsReadyAndCannotBeReached() {
        expect(lying(name(), "ready"), Failure.CONNECTION_LOST.exitStatus(), "no SSH server answers this machine at");
    }

    @ParameterizedTest
    @CsvSource({"INT,130", "TERM,143", "HUP,129"})
    void endsInOrderOnASignalWhileBooting(String signal, int status) throws Exception {
        CommandRun run = lying(name(), "idle");
        run.awaitErr("Booting");
        run.signal(signal);
        assertEquals(status, run.status(), run.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void endsInOrderOnASignalWhileTheContainerIsCreated(String signal) throws Exception {
        CommandRun run = lying(name(), "idle");
        run.awaitErr("Creating container");
        run.signal(signal);
        assertTrue(run.status() > 128, run.err());
    }

    @Test
    void refusesANameThatIsTaken() throws Exception {
        String name = name();
        CommandRun first = lying(name, "idle");
        first.awaitErr("Booting");
        expect(lying(name, "idle"), Failure.NAME_IN_USE.exitStatus(), "a container of that name exists");
        assertTrue(isRunning(name));
        first.signal("INT");
        assertEquals(130, first.status());
    }

    private boolean isRunning(String name) throws InterruptedException {
        return host.inspect(name).filter(Container::isRunning).isPresent();
    }

    @Test
    void saysThatNoEngineAnswers() {
        expect(
                start(
                        Map.of("DOCKER_HOST", "unix://" + directory + "/none.sock"),
                        NO_INPUT,
                        "exec",
                        "--name",
                        name(),
                        "liar:1",
                        "--",
                        "true"),
                Failure.ENGINE_UNREACHABLE.exitStatus(),
                "none.sock");
    }

    @Test
    void saysThatAnAddressIsNone() {
        expect(
                start(Map.of("DOCKER_HOST", "carrier-pigeon"), NO_INPUT, "ps"),
                Failure.ENGINE_CONFIGURATION.exitStatus(),
                "not an address");
    }

    @Test
    void saysThatASocketIsNotAnEngines() throws Exception {
        Path socket = directory.resolve("other.sock");
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket));
            Thread server = new Thread(() -> {
                while (other.isOpen()) {
                    try {
                        other.accept().close();
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            server.setDaemon(true);
            server.start();
            CommandRun run = start(Map.of("DOCKER_HOST", "unix://" + socket), NO_INPUT, "ps");
            expect(run, Failure.ENGINE_UNREACHABLE.exitStatus(), "other.sock");
        }
    }

    @Test
    void saysWhoMayNotUseASocket() throws Exception {
        Path open = Files.createTempDirectory(
                Path.of("/var/tmp"),
                "virtainer-nobody",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Path jar = Files.copy(Path.of(System.getProperty("virtainer.jar")), open.resolve("virtainer.jar"));
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
        try {
            Process process = new ProcessBuilder(
                            "setpriv",
                            "--reuid=65534",
                            "--regid=65534",
                            "--clear-groups",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-jar",
                            jar.toString(),
                            "ps",
                            "-H",
                            endpoint.toString())
                    .directory(open.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertEquals(Failure.ENGINE_CONFIGURATION.exitStatus(), process.waitFor(), said);
            assertTrue(said.contains(endpoint.toString()), said);
        } finally {
            Files.delete(jar);
            Files.delete(open);
        }
    }

    @Test
    void saysThatTheEngineWentAwayWhileBootingAndLeavesTheRestToTheLease() throws Exception {
        Path socket = directory.resolve("proxy.sock");
        String name = name();
        try (FaultProxy proxy =
                FaultProxy.atSocket(socket, Path.of(endpoint.uri().getPath()))) {
            CommandRun run = start(
                    Map.of("DOCKER_HOST", "unix://" + socket),
                    NO_INPUT,
                    "exec",
                    "--name",
                    name,
                    "--env",
                    "LIE=idle",
                    "liar:1",
                    "--",
                    "true");
            run.awaitErr("Booting");
            await().atMost(Duration.ofSeconds(30)).until(() -> isRunning(name));
            proxy.close();
            expect(run, Failure.ENGINE_UNREACHABLE.exitStatus(), "proxy.sock");
        }
        assertEquals("90", host.inspect(name).orElseThrow().label(Labels.LEASE).orElseThrow(), "it ends by itself");
        host.remove(host.inspect(name).orElseThrow().id());
    }

    @Test
    void usesTheEngineOfTheDockerContextAndNoOther() throws Exception {
        Path docker = Files.createDirectories(directory.resolve("docker"));
        for (String[] context : new String[][] {
            {"real", endpoint.toString()},
            {"away", "unix://" + directory + "/none.sock"},
            {"far", "ssh://me@far.invalid"}
        }) {
            String digest = HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256").digest(context[0].getBytes(StandardCharsets.UTF_8)));
            Path meta = Files.createDirectories(docker.resolve("contexts/meta").resolve(digest));
            Files.writeString(
                    meta.resolve("meta.json"),
                    "{\"Name\":\"%s\",\"Metadata\":{},\"Endpoints\":{\"docker\":{\"Host\":\"%s\",\"SkipTLSVerify\":false}}}"
                            .formatted(context[0], context[1]));
        }
        Files.writeString(docker.resolve("config.json"), "{\"currentContext\": \"away\"}");
        Map<String, String> environment = Map.of("DOCKER_HOST", "", "DOCKER_CONFIG", docker.toString());
        expect(start(environment, NO_INPUT, "ps"), Failure.ENGINE_UNREACHABLE.exitStatus(), "none.sock");
        expect(start(environment, NO_INPUT, "ps", "-c", "far"), Failure.ENGINE_UNREACHABLE.exitStatus(), "ssh says \"");
        expect(start(environment, NO_INPUT, "ps", "-c", "no"), Failure.ENGINE_CONFIGURATION.exitStatus(), "\"no\"");
        expect(start(environment, NO_INPUT, "ps", "--context", "real"), 0, "");
        CommandRun doctor = start(environment, NO_INPUT, "doctor", "--context", "real");
        doctor.status();
        assertTrue(doctor.out().contains("real (chosen by --context): " + endpoint), doctor.out() + doctor.err());
    }

    @Test
    void namesWhatDoesNotExist() {
        for (List<String> command : List.of(
                List.of("ssh", "nobody"),
                List.of("stop", "nobody"),
                List.of("rm", "nobody"),
                List.of("logs", "nobody"),
                List.of("console", "nobody"))) {
            expect(
                    Failure.NO_SUCH_VM.exitStatus(),
                    "There is no virtual machine nobody",
                    command.toArray(String[]::new));
        }
    }
}
