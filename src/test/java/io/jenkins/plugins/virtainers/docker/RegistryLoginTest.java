package io.jenkins.plugins.virtainers.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.virtainers.engine.host.RegistryLogin;
import io.jenkins.plugins.virtainers.engine.host.RegistryLogins;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an engine is told about who pulls. */
class RegistryLoginTest {
    private final AtomicReference<String> shown = new AtomicReference<>();
    private HttpServer engine;

    @BeforeEach
    void listen() throws IOException {
        engine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        engine.createContext("/images/create", exchange -> {
            shown.set(exchange.getRequestHeaders().getFirst("X-Registry-Auth"));
            byte[] answer = "{\"status\":\"Download complete\"}\n".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        engine.start();
    }

    @AfterEach
    void stop() {
        engine.stop(0);
    }

    private void pull(RegistryLogins logins, String image) throws InterruptedException {
        DockerEndpoint endpoint =
                DockerEndpoint.parse("tcp://127.0.0.1:" + engine.getAddress().getPort(), Optional.empty());
        try (DockerContainerHost host = new DockerContainerHost(endpoint)) {
            host.pull(ImageRef.parse(image), logins, line -> {}, Duration.ofSeconds(10));
        }
    }

    @Test
    void showsTheLoginOfAnImageToItsRegistry() throws Exception {
        pull(image -> Optional.of(new RegistryLogin("me", "hunter2")), "registry.example.org/team/debian:12");
        String login = new String(Base64.getUrlDecoder().decode(shown.get()), StandardCharsets.UTF_8);
        assertTrue(login.contains("\"username\":\"me\""), login);
        assertTrue(login.contains("\"password\":\"hunter2\""), login);
        assertTrue(login.contains("\"serveraddress\":\"registry.example.org\""), login);
    }

    @Test
    void pullsAsNobodyWhereNoLoginIsKnown() throws Exception {
        pull(RegistryLogins.NONE, "registry.example.org/team/debian:12");
        assertNull(shown.get());
    }

    @Test
    void neverPrintsThePassword() {
        assertEquals("me", new RegistryLogin("me", "hunter2").toString());
    }
}
