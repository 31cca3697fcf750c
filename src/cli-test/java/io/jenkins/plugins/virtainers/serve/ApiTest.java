package io.jenkins.plugins.virtainers.serve;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.FakeGuests;
import io.jenkins.plugins.virtainers.engine.guest.HostKey;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost.Call;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.image.ImageSource;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.io.GuestExit;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN = "s3cret";

    private final FakeContainerHost host = new FakeContainerHost();
    private final FakeGuests guests = new FakeGuests();
    private final OpenSshKeys generator = new OpenSshKeys();
    private final Keys keys = new Keys();
    private final VmEngine engine = new VmEngine(host, guests, generator, ImageSource.NONE, Clock.systemUTC());
    private final Machines machines = new Machines(engine, Ownership.of("test"), generator, keys, Clock.systemUTC());
    private final ApiServer server = ApiServer.start(machines, ListenAddress.parse("127.0.0.1:0"), TOKEN);
    private final HttpClient client = HttpClient.newHttpClient();

    private static final class Keys implements MachineKeys {
        final Map<VmName, SshKeyPair> kept = new ConcurrentHashMap<>();

        @Override
        public void saveKey(VmName name, SshKeyPair key) {
            kept.put(name, key);
        }

        @Override
        public void saveHostKey(VmName name, Endpoint endpoint, HostKey key) {}

        @Override
        public Optional<SshKeyPair> key(VmName name) {
            return Optional.ofNullable(kept.get(name));
        }

        @Override
        public void forget(VmName name) {
            kept.remove(name);
        }
    }

    @AfterEach
    void close() {
        server.close();
        machines.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.address() + path)).header("Authorization", "Bearer " + TOKEN);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> create(String name, String lie) throws Exception {
        return post(
                "/v1/machines",
                "{\"image\": \"%s\", \"name\": \"%s\", \"env\": {\"LIE\": \"%s\"}}"
                        .formatted(FakeContainerHost.IMAGE, name, lie));
    }

    private static void assertProblem(int status, String kind, HttpResponse<String> response) throws IOException {
        assertEquals(status, response.statusCode(), response.body());
        JsonNode problem = JSON.readTree(response.body());
        assertEquals(kind, problem.path("kind").asText(), response.body());
        assertFalse(problem.path("error").asText().isBlank(), response.body());
    }

    @Test
    void leadsFromARequestToACommandAndBackToNothing() throws Exception {
        HttpResponse<String> created = create("web", "ready");
        assertEquals(202, created.statusCode(), created.body());
        assertEquals("web", JSON.readTree(created.body()).path("name").asText());
        JsonNode ready = JSON.readTree(
                post("/v1/machines/web/wait?timeoutSeconds=30", "").body());
        assertEquals("ready", ready.path("state").asText());
        assertEquals(22, ready.path("ssh").path("port").asInt());
        assertEquals("liar", ready.path("user").asText());
        guests.run((line, streams) -> {
            try {
                streams.stdout().write(streams.stdin().readAllBytes());
                streams.stderr().write(line.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return GuestExit.ofStatus(7);
        });
        JsonNode ended =
                JSON.readTree(post("/v1/machines/web/exec", "{\"command\": [\"a\", \"b c\"], \"stdin\": \"ä\"}")
                        .body());
        assertEquals(
                JSON.readTree("{\"status\": 7, \"stdout\": \"ä\", \"stderr\": \"a 'b c'\", \"truncated\": false}"),
                ended);
        assertEquals(1, JSON.readTree(get("/v1/machines").body()).size());
        JsonNode stopped =
                JSON.readTree(post("/v1/machines/web/stop?graceSeconds=1", "").body());
        assertEquals("ended", stopped.path("state").asText());
        JsonNode started = JSON.readTree(post("/v1/machines/web/start", "").body());
        assertEquals("ready", started.path("state").asText());
        assertTrue(host.inspect("web").orElseThrow().isRunning());
        assertEquals(204, send(request("/v1/machines/web").DELETE()).statusCode());
        assertTrue(host.isEmpty());
        assertEquals(Map.of(), keys.kept);
        assertProblem(404, "no-such-vm", get("/v1/machines/web"));
    }

    @Test
    void userDataThatIsSharedIsSaidToBe() throws Exception {
        String shared = "#!/bin/sh\ntrue\n";
        String body = JSON.writeValueAsString(Map.of("image", "liar:1", "name", "web", "sharedUserData", shared));
        HttpResponse<String> created = post("/v1/machines", body);
        assertEquals(202, created.statusCode(), created.body());
        await().until(() -> host.container("web").isPresent());
        assertEquals(
                ContainerFile.Content.of(shared).sha256(),
                host.container("web").orElseThrow().request().env().get("SHARED_USER_DATA"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "NETWORKS| 'join': ['one']| join network one",
                "VOLUMES| 'data': 'web-disk'| keep the disk of web in web-disk",
                "VOLUMES| 'boot': 'restore'| restore liar:1 from a memory template",
            })
    void saysWhatAHostOfAnotherKindLacksAndMakesNothing(FakeContainerHost.Role role, String asked, String what)
            throws Exception {
        host.lack(role);
        String members = "'image': '%s', 'name': 'web', %s".formatted(FakeContainerHost.IMAGE, asked);
        post("/v1/machines", "{" + members.replace('\'', '"') + "}");
        HttpResponse<String> waited = post("/v1/machines/web/wait", "");
        assertProblem(422, "unsupported", waited);
        assertTrue(waited.body().contains("Cannot " + what + " on fake://host"), waited.body());
        assertTrue(host.isEmpty());
        assertFalse(host.calls().contains(Call.CREATE));
    }

    @Test
    void keepsTheStartOfWhatACommandWrites() throws Exception {
        create("web", "ready");
        post("/v1/machines/web/wait", "");
        guests.run((line, streams) -> {
            try {
                streams.stdout().write(new byte[3 << 20]);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return GuestExit.ofStatus(0);
        });
        JsonNode ended = JSON.readTree(
                post("/v1/machines/web/exec", "{\"command\": [\"cat\"]}").body());
        assertEquals(1 << 20, ended.path("stdout").asText().length());
        assertTrue(ended.path("truncated").asBoolean());
    }

    @Test
    void tellsWhatHappens() throws Exception {
        HttpResponse<InputStream> stream = client.send(request("/v1/events").build(), BodyHandlers.ofInputStream());
        List<String> types = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertEquals(": listening", lines.readLine());
            create("web", "ready");
            post("/v1/machines/web/wait", "");
            send(request("/v1/machines/web").DELETE());
            for (String line = lines.readLine(); !types.contains("removed"); line = lines.readLine()) {
                if (line.startsWith("data: ")) {
                    JsonNode event = JSON.readTree(line.substring("data: ".length()));
                    assertEquals("web", event.path("machine").asText());
                    types.add(event.path("type").asText());
                }
            }
        }
        types.removeIf("progress"::equals);
        assertEquals(List.of("creating", "booting", "ready", "removed"), types);
    }

    @Test
    void tellsWhoWasCutOffWhatCameSince() throws Exception {
        create("web", "ready");
        post("/v1/machines/web/wait", "");
        host.killAll(9);
        List<JsonNode> all = eventsAfter(0, "ended");
        assertEquals("creating", all.get(0).path("type").asText());
        JsonNode ended = all.get(all.size() - 1);
        assertTrue(ended.path("message").asText().contains("status 9"), ended.toString());
        assertEquals(
                all.subList(1, all.size()), eventsAfter(all.get(0).path("id").asLong(), "ended"));
        assertProblem(400, "usage", send(request("/v1/events").header("Last-Event-ID", "soon")));
    }

    /** What comes after an event, up to the first of a type. */
    private List<JsonNode> eventsAfter(long id, String type) throws Exception {
        HttpResponse<InputStream> stream = client.send(
                request("/v1/events").header("Last-Event-ID", Long.toString(id)).build(), BodyHandlers.ofInputStream());
        List<JsonNode> events = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            while (events.isEmpty()
                    || !events.get(events.size() - 1).path("type").asText().equals(type)) {
                String line = lines.readLine();
                if (line.startsWith("data: ")) {
                    events.add(JSON.readTree(line.substring("data: ".length())));
                }
            }
        }
        return events;
    }

    @Test
    void aCommandWhoseMachineEndsIsOver() throws Exception {
        create("web", "ready");
        post("/v1/machines/web/wait", "");
        guests.run((line, streams) -> {
            host.killAll(71);
            return guests.awaitHangUp();
        });
        assertProblem(409, "container-ended", post("/v1/machines/web/exec", "{\"command\": [\"sleep\", \"1000\"]}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CREATE", "PUT_FILES", "START"})
    void oneThatIsBeingMadeIsRemoved(Call call) throws Exception {
        CountDownLatch reached = host.hangNext(call);
        create("web", "ready");
        reached.await();
        assertEquals(204, send(request("/v1/machines/web").DELETE()).statusCode());
        assertTrue(host.isEmpty());
        assertEquals(Map.of(), keys.kept);
        assertProblem(404, "no-such-vm", post("/v1/machines/web/wait", ""));
        assertEquals(202, create("web", "ready").statusCode());
    }

    @Test
    void oneThatBootsIsRemovedAndWhoWaitsIsTold() throws Exception {
        create("web", "silent");
        await().until(() -> host.calls().contains(Call.START));
        var waiting = client.sendAsync(
                request("/v1/machines/web/wait").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertEquals(204, send(request("/v1/machines/web").DELETE()).statusCode());
        assertProblem(404, "no-such-vm", waiting.get());
        assertTrue(host.isEmpty());
    }

    @Test
    void oneThatFailedIsKnownUntilItIsRemovedAndLeavesNothing() throws Exception {
        host.endNext(71, "The guest panicked.");
        create("web", "ready");
        HttpResponse<String> waited = post("/v1/machines/web/wait", "");
        assertProblem(500, "guest-failed", waited);
        JsonNode machine = JSON.readTree(get("/v1/machines/web").body());
        assertEquals("failed", machine.path("state").asText());
        assertEquals("guest-failed", machine.path("failure").path("kind").asText());
        assertTrue(host.isEmpty());
        assertEquals(Map.of(), keys.kept);
        assertEquals(204, send(request("/v1/machines/web").DELETE()).statusCode());
        assertProblem(404, "no-such-vm", get("/v1/machines/web"));
    }

    @Test
    void aNameIsTakenOnce() throws Exception {
        create("web", "ready");
        assertProblem(409, "name-in-use", create("web", "ready"));
    }

    @Test
    void aNameThatAnotherProgramFreedIsFreeHereToo() throws Exception {
        create("web", "ready");
        post("/v1/machines/web/wait", "");
        engine.remove(host.onlyContainer().id());
        assertProblem(404, "no-such-vm", get("/v1/machines/web"));
        assertProblem(404, "no-such-vm", post("/v1/machines/web/wait", ""));
        assertEquals(202, create("web", "ready").statusCode());
        assertEquals(
                "ready",
                JSON.readTree(post("/v1/machines/web/wait", "").body())
                        .path("state")
                        .asText());
    }

    @Test
    void oneThatIsOffIsNotReady() throws Exception {
        create("web", "ready");
        post("/v1/machines/web/wait", "");
        post("/v1/machines/web/stop?graceSeconds=1", "");
        assertProblem(409, "container-ended", post("/v1/machines/web/wait", ""));
    }

    @Test
    void whatIsBeingMadeIsGoneWhenTheServerEnds() throws Exception {
        CountDownLatch never = host.hangNext(Call.START);
        create("web", "ready");
        await().until(() -> host.calls().contains(Call.START));
        machines.close();
        never.countDown();
        assertTrue(host.isEmpty());
    }

    @Test
    void aWaitThatIsOverSaysSo() throws Exception {
        create("web", "silent");
        assertProblem(504, "not-ready", post("/v1/machines/web/wait?timeoutSeconds=0", ""));
        assertProblem(400, "usage", post("/v1/machines/web/wait?timeoutSeconds=soon", ""));
    }

    @Test
    void anEngineThatIsAwayIsSaid() throws Exception {
        host.failAll(Call.INSPECT, Failure.ENGINE_UNREACHABLE.because("Cannot reach the engine."));
        assertProblem(503, "engine-unreachable", get("/v1/machines/web"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "{} {}",
                "{\"image\": \"liar:1\", \"cpu\": 2}",
                "{\"image\": \"liar:1\", \"memory\": \"much\"}",
                "{\"image\": \"liar:1\", \"cpus\": 0}",
                "{\"image\": \"liar:1\", \"name\": \"a_b\"}",
                "{\"image\": \"liar:1\", \"sshKeys\": [\"none\"]}",
                "{\"image\": \"liar:1\", \"env\": {\"RAM\": \"1\"}}",
                "{\"image\": \"liar:1\", \"vncPassword\": \"much too long\"}",
                "{\"image\": \"liar:1\", \"userData\": \"packages: [git]\"}",
                "{\"image\": \"liar:1\", \"userData\": \"#cloud-config\\npackages: [git\"}",
                "{\"image\": \"liar:1\", \"sharedUserData\": \"packages: [git]\"}",
                "{\"image\": \"liar:1\", \"userData\": \"#!/bin/sh\", \"sharedUserData\": \"#!/bin/sh\"}",
                "{\"image\": \"liar:1\", \"diskImage\": \"http://example.org/disk\"}",
                "{\"image\": \"liar:1\", \"diskImage\": \"/disk\", \"user\": \"fedora\"}",
                "{\"image\": \"liar:1\", \"seed\": \"AAAA\"}",
                "{\"image\": \"liar:1\", \"timeoutSeconds\": -1}"
            })
    void aBadRequestIsASentence(String body) throws Exception {
        assertProblem(400, "usage", post("/v1/machines", body));
        assertTrue(host.isEmpty());
    }

    @Test
    void onlyJsonOfABoundedSizeIsRead() throws Exception {
        assertProblem(415, "media-type", send(request("/v1/machines").POST(BodyPublishers.ofString("{}"))));
        assertProblem(413, "too-large", post("/v1/machines", " ".repeat((1 << 20) + 1)));
    }

    @ParameterizedTest
    @CsvSource({"GET,/v1/nothing,404,no-such-path", "PUT,/v1/machines,405,method", "GET,/v1/machines/A_B,400,usage"})
    void aPathOrMethodThatThereIsNotIsASentence(String method, String path, int status, String kind) throws Exception {
        assertProblem(status, kind, send(request(path).method(method, BodyPublishers.noBody())));
    }

    @Test
    void noTokenNoAnswer() throws Exception {
        URI address = URI.create(server.address() + "/v1/machines");
        assertProblem(401, "token", send(HttpRequest.newBuilder(address)));
        assertProblem(401, "token", send(HttpRequest.newBuilder(address).header("Authorization", "Bearer s3cre")));
        assertEquals(
                200,
                send(HttpRequest.newBuilder(URI.create(server.address() + "/openapi.json")))
                        .statusCode());
    }

    @Test
    void aPageThatNamesUsByAnotherHostIsRefused() throws Exception {
        URI address = URI.create(server.address());
        try (SocketChannel channel = SocketChannel.open(new InetSocketAddress(address.getHost(), address.getPort()))) {
            String answer = ask(
                    channel,
                    "GET /v1/machines HTTP/1.1\r\nHost: evil.example:%d\r\nAuthorization: Bearer %s\r\n"
                            .formatted(address.getPort(), TOKEN));
            assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
        }
    }

    @Test
    void whatIsNoHttpIsAProblemToo() throws Exception {
        URI address = URI.create(server.address());
        try (SocketChannel channel = SocketChannel.open(new InetSocketAddress(address.getHost(), address.getPort()))) {
            String answer = ask(channel, "GET /v1/%zz HTTP/1.1\r\nHost: localhost\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            assertEquals(
                    "http",
                    JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n")))
                            .path("kind")
                            .asText(),
                    answer);
        }
    }

    @Test
    void whoWaitsBesideTooManyIsToldAndTheOthersAreAnswered() throws Exception {
        List<HttpResponse<InputStream>> listeners = new ArrayList<>();
        for (int i = 0; i < Api.LASTING; i++) {
            listeners.add(client.send(request("/v1/events").build(), BodyHandlers.ofInputStream()));
        }
        assertProblem(503, "busy", get("/v1/events"));
        assertEquals(200, get("/v1/machines").statusCode());
        for (HttpResponse<InputStream> listener : listeners) {
            listener.body().close();
        }
    }

    private static String ask(SocketChannel channel, String head) throws IOException {
        channel.write(ByteBuffer.wrap((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII)));
        return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aSocketIsItsUsersAloneAndNeedsNoToken(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("api.sock");
        ListenAddress there = ListenAddress.parse("unix://" + path);
        try (ApiServer unix = ApiServer.start(machines, there, "")) {
            assertEquals("unix://" + path, unix.address());
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(path));
                String answer = ask(channel, "GET /v1/machines HTTP/1.1\r\nHost: localhost\r\n");
                assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
                assertTrue(answer.endsWith("[]"), answer);
            }
            VirtainerException taken =
                    assertThrows(VirtainerException.class, () -> ApiServer.start(machines, there, ""));
            assertTrue(taken.getMessage().contains("another server answers there"), taken.getMessage());
        }
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void aSocketThatAKilledServerLeftIsTakenOver(@TempDir Path directory) throws Exception {
        Path path = directory.resolve("api.sock");
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(UnixDomainSocketAddress.of(path));
        }
        assertTrue(Files.exists(path));
        ApiServer.start(machines, ListenAddress.parse("unix://" + path), "").close();
        assertFalse(Files.exists(path));
    }

    @Test
    void aFileThatIsNoSocketStays(@TempDir Path directory) throws Exception {
        Path path = Files.writeString(directory.resolve("precious"), "text");
        ListenAddress there = ListenAddress.parse("unix://" + path);
        assertThrows(VirtainerException.class, () -> ApiServer.start(machines, there, ""));
        assertEquals("text", Files.readString(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0.0.0.0:80", "192.0.2.1:80", "example.org:80", "127.0.0.1", "127.0.0.1:70000", "unix:sock"})
    void othersCannotReachIt(String address) {
        assertThrows(InvalidSpecException.class, () -> ListenAddress.parse(address));
    }

    @Test
    void answersWhatTheDocumentSaysAndNothingElse() throws Exception {
        TreeSet<String> documented = new TreeSet<>();
        JsonNode document = JSON.valueToTree(Api.document());
        assertEquals("3.1.0", document.path("openapi").asText());
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    if (!method.equals("parameters")) {
                        documented.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));
        assertEquals(documented, new TreeSet<>(new Api(machines, Optional.empty()).routes()));
    }

    /** A member that one has and the other has not is one that nobody can use, or that nobody knows of. */
    @ParameterizedTest
    @ValueSource(
            classes = {
                MachineRequest.class,
                Machine.class,
                Exec.class,
                Exec.Result.class,
                Problem.class,
                Events.Event.class,
                Machine.Address.class
            })
    void theDocumentHasEveryMember(Class<?> type) throws Exception {
        String name = type == Exec.Result.class ? "ExecResult" : type.getSimpleName();
        TreeSet<String> documented = new TreeSet<>();
        JSON.valueToTree(Api.document())
                .path("components")
                .path("schemas")
                .path(name)
                .path("properties")
                .fieldNames()
                .forEachRemaining(documented::add);
        TreeSet<String> members = new TreeSet<>();
        for (var component : type.getRecordComponents()) {
            members.add(component.getName());
        }
        assertEquals(members, documented);
    }
}
