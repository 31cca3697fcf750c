package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.docker.LiarImage;
import io.jenkins.plugins.virtainers.docker.RealHosts;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.fault.FaultProxy;
import io.jenkins.plugins.virtainers.fault.TestAuthority;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine at a TCP address, behind TLS that asks clients for a certificate: the real engine, with a TLS front. */
class TlsIT extends CommandTest {
    @TempDir
    static Path certificates;

    private static TestAuthority good;
    private static TestAuthority other;

    private FaultProxy front;

    @BeforeAll
    static void prepare() throws Exception {
        LiarImage.build(RealHosts.docker());
        good = TestAuthority.make(certificates.resolve("good"));
        other = TestAuthority.make(certificates.resolve("other"));
    }

    @BeforeEach
    void serve() throws Exception {
        front = FaultProxy.behindTls(Path.of(endpoint.uri().getPath()), good);
    }

    @AfterEach
    void stopServing() throws IOException {
        front.close();
    }

    private CommandRun remotely(Path certificates, String... arguments) {
        return start(
                Map.of(
                        "DOCKER_HOST",
                        front.address(),
                        "DOCKER_TLS_VERIFY",
                        "1",
                        "DOCKER_CERT_PATH",
                        certificates.toString()),
                NO_INPUT,
                arguments);
    }

    @Test
    void drivesAnEngineBehindTls() {
        CommandRun run =
                remotely(good.directory(), "exec", "--name", name(), "--env", "LIE=panic", "liar:1", "--", "true");
        assertEquals(Failure.GUEST_FAILED.exitStatus(), run.status(), run.err());
        assertTrue(run.err().contains("| Kernel panic - not syncing"), run.err());
    }

    @Test
    void refusesAnEngineThatAnotherAuthoritySigned() {
        CommandRun run = remotely(other.directory(), "ps");
        assertNotEquals(0, run.status());
        assertTrue(run.err().contains("tcp://127.0.0.1:"), run.err());
        assertTrue(run.err().contains("TLS does not match"), run.err());
    }

    @Test
    void saysThatAnEngineWantsTls() {
        CommandRun run = start(Map.of("DOCKER_HOST", front.address()), NO_INPUT, "ps");
        assertNotEquals(0, run.status());
        assertTrue(run.err().contains("tcp://127.0.0.1:"), run.err());
    }

    @Test
    void namesTheTlsFilesThatAreMissing() {
        CommandRun run = remotely(directory, "ps");
        assertEquals(Failure.ENGINE_CONFIGURATION.exitStatus(), run.status(), run.err());
        assertTrue(run.err().contains("ca.pem"), run.err());
    }
}
