package io.jenkins.plugins.virtainers.engine.guest;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.ssh.SshConnector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Through an engine to a guest. */
@Timeout(60)
class TunnelTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final FakeContainerHost host = new FakeContainerHost();

    private Tunnel to(String lie) throws InterruptedException {
        VmName name = VmName.random();
        ContainerId container = host.create(ContainerRequest.of(FakeContainerHost.IMAGE.reference(), name)
                .env(Map.of("LIE", lie))
                .build());
        host.start(container);
        HostKey key = HostKey.parse("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO9OraDH3Ieio1HTwunN3WbtXbDzyQBt66U55sZ2lG8/");
        return new Tunnel(host, new Vm(container, name, "liar:1", "liar", key, Optional.empty(), Instant.EPOCH));
    }

    @Test
    void isKnownByTheNameOfTheMachine() throws Exception {
        Tunnel tunnel = to("ready");
        assertEquals(tunnel.vm().name() + ":22", tunnel.endpoint().toString());
        assertTrue(tunnel.address().isEmpty());
        assertEquals(tunnel.vm().name() + " through " + host.address(), tunnel.toString());
    }

    @Test
    void joinsAClientToTheServer() throws Exception {
        Tunnel tunnel = to("ready");
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        try (PipedOutputStream said = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(said)) {
            CompletableFuture<Void> joined = joining(tunnel, in, heard);
            said.write("hello".getBytes(StandardCharsets.UTF_8));
            said.flush();
            await().atMost(SOON)
                    .until(() -> heard.toString(StandardCharsets.UTF_8).equals("SSH-2.0-fake\r\nhello"));
            assertFalse(joined.isDone());
            said.close();
            joined.get(SOON.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static CompletableFuture<Void> joining(Tunnel tunnel, PipedInputStream in, OutputStream out) {
        return CompletableFuture.runAsync(() -> {
            try {
                tunnel.join(in, out);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void endsWithAClientThatSaysNothing() throws Exception {
        to("ready").join(new ByteArrayInputStream(new byte[0]), OutputStream.nullOutputStream());
    }

    @Test
    void saysWhyTheServerCannotBeJoined() throws Exception {
        Tunnel tunnel = to("idle");
        try (PipedOutputStream said = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(said)) {
            VirtainerException e =
                    assertThrows(VirtainerException.class, () -> tunnel.join(in, OutputStream.nullOutputStream()));
            assertEquals(Failure.CONNECTION_LOST, e.failure());
            assertTrue(e.getMessage().contains("(error: the guest is booting, and not ready)"), e.getMessage());
        }
    }

    @Test
    void saysThatTheContainerIsGone() throws Exception {
        Tunnel tunnel = to("ready");
        host.remove(tunnel.vm().container());
        try (PipedOutputStream said = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(said)) {
            assertThrows(VirtainerException.class, () -> tunnel.join(in, OutputStream.nullOutputStream()));
        }
    }

    @Test
    void aConnectorHearsTheGreetingThroughIt() throws Exception {
        try (SshConnector connector = new SshConnector()) {
            assertTrue(connector.answers(to("ready"), SOON));
            Tunnel closed = to("idle");
            VirtainerException e = assertThrows(VirtainerException.class, () -> connector.answers(closed, SOON));
            assertTrue(e.getMessage().contains("not ready"), e.getMessage());
        }
    }
}
