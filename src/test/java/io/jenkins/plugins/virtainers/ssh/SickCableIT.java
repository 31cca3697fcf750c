package io.jenkins.plugins.virtainers.ssh;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.docker.SshServer;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.guest.HostKey;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.guest.Way;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.Port;
import io.jenkins.plugins.virtainers.fault.CableFault;
import io.jenkins.plugins.virtainers.fault.CableProxy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** OpenSSH's server behind a cable that fails: a sentence in time, and no connection is left. Needs root. */
@Timeout(60)
class SickCableIT {
    private static final int PORT = 2226;
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /** Before the greeting, in its midst, and while keys are exchanged. */
    private static final List<Long> MOMENTS = List.of(0L, 5L, 700L);

    @TempDir
    static Path folder;

    private static SshServer server;
    private static SshKeyPair key;
    private static HostKey hostKey;

    private final SshConnector connector = new SshConnector();
    private CableProxy cable;

    @BeforeAll
    static void startServer() throws Exception {
        server = SshServer.start(folder, "127.0.0.1", PORT, System.getenv("PATH"));
        key = new SshKeyPair(
                Files.readString(folder.resolve("user.pub")).strip(), Files.readString(folder.resolve("user")));
        hostKey = HostKey.parse(Files.readString(folder.resolve("host.pub")));
    }

    @AfterAll
    static void endServer() {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void lay() throws Exception {
        cable = CableProxy.to("127.0.0.1", PORT);
    }

    @AfterEach
    void nothingIsOpen() throws Exception {
        connector.close();
        await("the end of connections").atMost(Duration.ofSeconds(20)).until(() -> cable.ends() == 0);
        cable.close();
    }

    private GuestConnection connect() throws InterruptedException {
        return connector.connect(
                Way.at(new Endpoint("127.0.0.1", new Port(cable.port()))), hostKey, "root", key, PATIENCE);
    }

    static Stream<CableFault> whileLoggingIn() {
        return MOMENTS.stream()
                .flatMap(bytes -> Stream.of(
                        CableFault.silence(bytes),
                        CableFault.reset(bytes),
                        CableFault.end(bytes),
                        CableFault.noise(bytes)));
    }

    @ParameterizedTest
    @MethodSource("whileLoggingIn")
    void aLoginThatBreaksOffIsASentence(CableFault fault) {
        cable.toClient(fault);
        assertLost(assertThrows(VirtainerException.class, this::connect));
        cable.toClient(CableFault.slow(Duration.ZERO));
        cable.toServer(fault);
        assertLost(assertThrows(VirtainerException.class, this::connect));
    }

    @Test
    void nobodyAnswersBehindASilentCable() throws Exception {
        Way way = Way.at(new Endpoint("127.0.0.1", new Port(cable.port())));
        assertTrue(connector.answers(way, PATIENCE));
        cable.toClient(CableFault.silence(2));
        assertFalse(connector.answers(way, PATIENCE));
        cable.toClient(CableFault.noise(0));
        assertFalse(connector.answers(way, PATIENCE));
    }

    static Stream<CableFault> whileACommandRuns() {
        return Stream.of(
                CableFault.reset(200_000),
                CableFault.end(200_000),
                CableFault.noise(200_000),
                CableFault.noise(200_003));
    }

    @ParameterizedTest
    @MethodSource("whileACommandRuns")
    void aCommandWhoseConnectionBreaksOffIsASentence(CableFault fault) throws Exception {
        cable.toClient(fault);
        try (GuestConnection guest = connect()) {
            ExecStreams streams = ExecStreams.output(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
            assertLost(assertThrows(
                    VirtainerException.class, () -> guest.run("head -c 10000000 /dev/zero; sleep 30", streams)));
        }
        cable.toClient(CableFault.slow(Duration.ZERO));
        cable.toServer(fault);
        try (GuestConnection guest = connect()) {
            ExecStreams streams = ExecStreams.of(
                    new ByteArrayInputStream(new byte[10_000_000]),
                    OutputStream.nullOutputStream(),
                    OutputStream.nullOutputStream());
            assertLost(assertThrows(VirtainerException.class, () -> guest.run("cat >/dev/null; sleep 30", streams)));
        }
    }

    /** Who waits for a silent guest may give up; the agent's own pings are Jenkins'. */
    @Test
    void whoWaitsForASilentGuestMayGiveUp() throws Exception {
        cable.toClient(CableFault.silence(200_000));
        GuestConnection guest = connect();
        Thread waiting = Thread.currentThread();
        Thread impatient = new Thread(() -> {
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
            waiting.interrupt();
        });
        impatient.start();
        ExecStreams streams = ExecStreams.output(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        assertThrows(InterruptedException.class, () -> guest.run("head -c 10000000 /dev/zero", streams));
        guest.close();
        impatient.join();
    }

    @Test
    void aSlowCableIsNotASickOne() throws Exception {
        cable.toClient(CableFault.slow(Duration.ofMillis(10)));
        cable.toServer(CableFault.slow(Duration.ofMillis(10)));
        byte[] sent = new byte[100_000];
        new Random(5).nextBytes(sent);
        ByteArrayOutputStream back = new ByteArrayOutputStream();
        try (GuestConnection guest = connect()) {
            ExecStreams streams = ExecStreams.of(new ByteArrayInputStream(sent), back, OutputStream.nullOutputStream());
            assertEquals(7, guest.run("cat; exit 7", streams).shellStatus());
        }
        assertArrayEquals(sent, back.toByteArray());
    }

    private static void assertLost(VirtainerException e) {
        assertEquals(Failure.CONNECTION_LOST, e.failure(), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }
}
