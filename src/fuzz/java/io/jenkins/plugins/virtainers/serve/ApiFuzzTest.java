package io.jenkins.plugins.virtainers.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.failure.Sentences;
import io.jenkins.plugins.virtainers.engine.guest.FakeGuests;
import io.jenkins.plugins.virtainers.engine.guest.HostKey;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.image.ImageSource;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.RuntimeVariables;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.provider.ValueSource;

/** Any request has an answer as the document has it, and none is a fault of the server's. */
class ApiFuzzTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "s3cret";

    private static Asked asked;

    /** No machine is made: what a client asks for is read, and forgotten. */
    private static final class NoKeys implements MachineKeys {
        @Override
        public void saveKey(VmName name, SshKeyPair key) {}

        @Override
        public void saveHostKey(VmName name, Endpoint endpoint, HostKey key) {}

        @Override
        public Optional<SshKeyPair> key(VmName name) {
            return Optional.empty();
        }

        @Override
        public void forget(VmName name) {}
    }

    /** The API on a connection that is none. */
    private static final class Asked {
        private final Machines machines;
        private final Server server = new Server();
        private final LocalConnector connector = new LocalConnector(server);

        Asked() {
            OpenSshKeys generator = new OpenSshKeys();
            machines = new Machines(
                    new VmEngine(
                            new FakeContainerHost(), new FakeGuests(), generator, ImageSource.NONE, Clock.systemUTC()),
                    Ownership.of("fuzz"),
                    generator,
                    new NoKeys(),
                    Clock.systemUTC());
            server.addConnector(connector);
            server.setErrorHandler(Api::refuse);
            Api api = new Api(machines, Optional.of(TOKEN));
            server.setHandler(new Handler.Wrapper(api) {
                @Override
                public boolean handle(Request request, Response response, Callback callback) throws Exception {
                    // Events last as long as their listener, and a machine as long as it likes.
                    String path = String.valueOf(request.getHttpURI().getCanonicalPath());
                    boolean lasts = path.equals("/v1/events")
                            || (path.equals("/v1/machines")
                                    && request.getMethod().equals("POST"));
                    if (lasts) {
                        response.setStatus(204);
                        callback.succeeded();
                        return true;
                    }
                    return super.handle(request, response, callback);
                }
            });
            try {
                server.start();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        String answer(String request) throws Exception {
            ByteBuffer answer = connector.getResponse(
                    ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)), 10, TimeUnit.SECONDS);
            return answer == null ? "" : StandardCharsets.UTF_8.decode(answer).toString();
        }
    }

    @AfterAll
    static void stop() throws Exception {
        if (asked != null) {
            asked.server.stop();
            asked.machines.close();
            asked = null;
        }
    }

    @ValueSource(
            strings = {
                "GET\n/v1/machines\n\n",
                "GET\n/openapi.json\n\n",
                "DELETE\n/v1/machines/web\n\n",
                "POST\n/v1/machines/web/exec\nContent-Type: application/json\n{\"command\":[\"ls\"],\"timeoutSeconds\":1}",
                "POST\n/v1/machines/web/stop?graceSeconds=9\n\n",
                "POST\n/v1/machines/a%2Fb/wait?timeoutSeconds=-1\n\n",
                "GET\n/v1/../v1/machines/%00\nLast-Event-ID: x\n",
                "POST\n/v1/machines/web/exec\nContent-Type: application/json\n{\"command\":[null]}",
                "POST\n/v1/machines/web/exec\nContent-Type: application/json\n\0\0\0\0\0\0\0\0(nuzl"
            })
    @FuzzTest
    void request(@NotNull String lines) throws Exception {
        if (asked == null) {
            asked = new Asked();
        }
        String[] parts = lines.split("\n", 4);
        if (parts.length < 4) {
            return;
        }
        String answer = asked.answer(
                "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n%s"
                        .formatted(
                                parts[0],
                                parts[1],
                                TOKEN,
                                parts[2].isEmpty() ? "" : parts[2] + "\r\n",
                                parts[3].getBytes(StandardCharsets.UTF_8).length,
                                parts[3]));
        if (answer.isEmpty() || !answer.startsWith("HTTP/1.1 ")) {
            return;
        }
        int status = Integer.parseInt(answer.substring(9, 12));
        assertTrue(status < 500 || status == 501 || status == 503 || status == 505, answer);
        int body = answer.indexOf("\r\n\r\n") + 4;
        if (status >= 400 && body > 3 && body < answer.length() && !answer.contains("ransfer-Encoding")) {
            JsonNode problem = JSON.readTree(answer.substring(body));
            Sentences.requireLine(problem.path("error").asText());
            assertFalse(problem.path("kind").asText().isBlank(), answer);
        }
    }

    @ValueSource(
            strings = {
                "{\"image\":\"debian:12\"}",
                "{\"image\":\"debian:12\",\"name\":\"web\",\"cpus\":2,\"memory\":\"2G\",\"disk\":\"20G\",\"sshKeys\":[\"ssh-ed25519 AAAA me\"],\"user\":\"me\",\"userData\":\"#cloud-config\\npackages: [git]\\n\",\"metaData\":\"a\",\"env\":{\"A\":\"b\"},\"data\":\"v\",\"accel\":\"kvm\",\"boot\":\"cold\",\"network\":\"nat\",\"join\":[\"a=10.0.0.1\"],\"ports\":[\"80\"],\"vncPassword\":\"x\",\"ephemeral\":true,\"timeoutSeconds\":1,\"stopTimeoutSeconds\":1}",
                "{\"image\":\"debian:12\",\"sshKeys\":[null],\"join\":[null],\"ports\":[null],\"env\":{\"A\":null}}",
                "{\"image\":\"debian:12\",\"diskImage\":\"https://example.org/a\",\"checksum\":\"x\",\"seed\":\"AAAA\",\"timeoutSeconds\":2147483647}",
                "{\"image\":null,\"\u001b[2J\":1}",
                "null",
                "{\"image\":\"debian:12\"} x",
                "\0\0\0\0\0\0\0\0(nuzl"
            })
    @FuzzTest
    void machine(@NotNull String body) {
        Sentences.read(() -> Api.read(body.getBytes(StandardCharsets.UTF_8), MachineRequest.class)
                        .toSpec()
                        .build())
                .ifPresent(ApiFuzzTest::requireRunnable);
    }

    /** The runtime refuses what has more digits. */
    private static void requireRunnable(VmSpec spec) {
        RuntimeVariables.of(spec).forEach((name, value) -> {
            switch (name) {
                case "CPU", "BOOT_TIMEOUT", "STOP_TIMEOUT", "LEASE", "RAM" ->
                    assertTrue(value.matches("[0-9]{1,9}"), name + "=" + value);
                case "DISK_SIZE" -> assertTrue(value.matches("[0-9]{1,6}[KMGT]?"), name + "=" + value);
                default -> assertTrue(value.indexOf('\0') < 0, name);
            }
        });
    }

    @ValueSource(
            strings = {
                "#cloud-config\npackages: [git]\n",
                "#!/bin/sh\ntrue\n",
                "#cloud-config\n- a\n",
                "#cloud-config\n&a [*a, {? [x] : y}]\n",
                "Content-Type: multipart/mixed\n",
                "#cloud-config\n!!java.net.URL [\"http://x\"]\n"
            })
    @FuzzTest
    void userData(@NotNull String text) {
        Sentences.read(() -> {
            UserData.require("user-data", text);
            return text;
        });
    }

    @ValueSource(
            strings = {"unix:///run/a.sock", "127.0.0.1:8080", "[::1]:0", "localhost:65535", "0.0.0.0:80", "unix:///\0"
            })
    @FuzzTest
    void address(@NotNull String written) {
        Sentences.read(() -> ListenAddress.parse(written))
                .ifPresent(address -> assertEquals(address, ListenAddress.parse(written)));
    }
}
