package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.virtainers.client.DefaultApi;
import io.virtainers.client.http.ApiClient;
import io.virtainers.client.http.ApiException;
import io.virtainers.client.model.Exec;
import io.virtainers.client.model.ExecResult;
import io.virtainers.client.model.Machine;
import io.virtainers.client.model.MachineRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The engine's API, asked by the client that a public generator makes of its document. */
class ServeIT extends CommandTest {
    @Test
    void aClientMadeOfTheDocumentMakesAMachineAndRunsACommandInIt() throws Exception {
        CommandRun server = start("serve", "--listen", "127.0.0.1:0");
        DefaultApi api = client(server);
        String name = name();
        Machine asked = api.createMachine(
                new MachineRequest().image("debian:12").name(name).cpus(2).memory("768M"));
        assertEquals(Machine.StateEnum.CREATING, asked.getState());

        Machine ready = api.waitForMachine(name, 600);
        assertEquals(Machine.StateEnum.READY, ready.getState());
        List<String> listed = names(api);
        assertTrue(listed.contains(name), listed::toString);
        ExecResult result = api.execInMachine(
                name,
                new Exec().command(List.of("sh", "-c", "nproc; cat; exit 7")).stdin("said\n"));
        assertEquals(7, result.getStatus());
        assertEquals("2\nsaid\n", result.getStdout());
        assertFalse(result.getTruncated());

        CommandRun ssh = start("ssh", name, "--", "echo", "known to the command too");
        assertEquals(0, ssh.status(), ssh::err);
        assertEquals("known to the command too\n", ssh.out());

        ApiException taken = assertThrows(
                ApiException.class,
                () -> api.createMachine(new MachineRequest().image("debian:12").name(name)));
        assertEquals(409, taken.getCode());

        server.signal("TERM");
        assertEquals(143, server.status());
        assertTrue(host.inspect(name).orElseThrow().isRunning(), "a machine outlives the server");

        DefaultApi again = client(start("serve", "--listen", "127.0.0.1:0"));
        assertEquals(Machine.StateEnum.RUNNING, again.getMachine(name).getState());
        assertEquals(Machine.StateEnum.READY, again.waitForMachine(name, 60).getState());
        assertEquals(Machine.StateEnum.ENDED, again.stopMachine(name, null).getState());
        assertEquals(Machine.StateEnum.READY, again.startMachine(name, 300).getState());
        assertEquals(
                0,
                again.execInMachine(name, new Exec().command(List.of("true"))).getStatus());
        again.removeMachine(name);
        assertEquals(
                404,
                assertThrows(ApiException.class, () -> again.getMachine(name)).getCode());
    }

    @Test
    void nothingIsLeftOfAMachineThatWasBootingWhenTheServerEnded() throws Exception {
        CommandRun server = start("serve", "--listen", "127.0.0.1:0");
        DefaultApi api = client(server);
        String name = name();
        api.createMachine(new MachineRequest().image("debian:12").name(name).boot(MachineRequest.BootEnum.COLD));
        while (host.inspect(name).isEmpty()) {
            Thread.sleep(50);
        }
        server.signal("TERM");
        assertEquals(143, server.status());
        assertTrue(host.inspect(name).isEmpty());
    }

    @Test
    void aMachineThatIsBootingIsRemoved() throws Exception {
        DefaultApi api = client(start("serve", "--listen", "127.0.0.1:0"));
        String name = name();
        api.createMachine(new MachineRequest().image("debian:12").name(name).boot(MachineRequest.BootEnum.COLD));
        while (host.inspect(name).isEmpty()) {
            Thread.sleep(50);
        }
        api.removeMachine(name);
        assertTrue(host.inspect(name).isEmpty());
        List<String> left = names(api);
        assertFalse(left.contains(name), left::toString);
    }

    @Test
    void twoServersHaveOneTokenAndTellOfTheSameMachineEachByItself() throws Exception {
        CommandRun one = start("serve", "--listen", "127.0.0.1:0");
        DefaultApi first = client(one);
        CommandRun two = start("serve", "--listen", "127.0.0.1:0");
        DefaultApi second = client(two);
        String name = name();
        try (Stream<String> lines = events(one)) {
            second.createMachine(
                    new MachineRequest().image("debian:12").name(name).cpus(2).boot(MachineRequest.BootEnum.DIRECT));
            second.waitForMachine(name, 600);
            assertEquals(Machine.StateEnum.READY, first.waitForMachine(name, 60).getState());
            first.removeMachine(name);
            Iterator<String> heard = lines.iterator();
            assertEquals("removed", next(heard, name));
        }
        try (Stream<String> lines = events(two)) {
            Iterator<String> heard = lines.iterator();
            List<String> types = new ArrayList<>();
            while (!types.contains("ended")) {
                types.add(next(heard, name));
            }
            types.removeIf("progress"::equals);
            assertEquals(List.of("creating", "booting", "ready", "ended"), types);
        }
    }

    /** The lines of what happened since the server began, and of what happens. */
    private static Stream<String> events(CommandRun server) throws Exception {
        server.awaitOut("token");
        List<String> lines = server.out().lines().toList();
        HttpRequest request = HttpRequest.newBuilder(URI.create(said(lines.get(0)) + "/v1/events"))
                .header("Authorization", "Bearer " + token(lines))
                .header("Last-Event-ID", "0")
                .build();
        HttpResponse<Stream<String>> answer =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofLines());
        assertEquals(200, answer.statusCode());
        return answer.body();
    }

    /** The type of the next event of a machine. */
    private static String next(Iterator<String> lines, String machine) throws Exception {
        while (true) {
            String line = lines.next();
            if (line.startsWith("data:")) {
                JsonNode event = new ObjectMapper().readTree(line.substring("data:".length()));
                if (machine.equals(event.path("machine").asText())) {
                    return event.path("type").asText();
                }
            }
        }
    }

    @Test
    void aSocketIsRemovedWhenTheServerEnds() throws Exception {
        CommandRun server = start("serve");
        server.awaitOut("address");
        Path socket = directory.resolve("virtainers").resolve("api.sock");
        assertTrue(Files.exists(socket), server::err);
        server.signal("INT");
        assertEquals(130, server.status());
        assertFalse(Files.exists(socket));
    }

    @Test
    void addressesOfOthersAreRefused() {
        CommandRun server = start("serve", "--listen", "0.0.0.0:8080");
        assertEquals(64, server.status());
        assertTrue(server.err().contains("Cannot listen on \"0.0.0.0:8080\""), server::err);
    }

    /** The names of this user's machines, which are not all this test's: others run beside it. */
    private static List<String> names(DefaultApi api) throws ApiException {
        return api.listMachines().stream().map(Machine::getName).toList();
    }

    private static DefaultApi client(CommandRun server) throws Exception {
        server.awaitOut("token");
        List<String> lines = server.out().lines().toList();
        String token = token(lines);
        ApiClient client = new ApiClient();
        client.updateBaseUri(said(lines.get(0)));
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
        return new DefaultApi(client);
    }

    private static String token(List<String> lines) throws IOException {
        return Files.readString(Path.of(said(lines.get(1)))).strip();
    }

    /** What follows the first word. */
    private static String said(String line) {
        return line.substring(line.indexOf(' ')).strip();
    }
}
