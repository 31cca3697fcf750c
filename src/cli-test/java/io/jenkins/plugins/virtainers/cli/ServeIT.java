package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.virtainers.client.DefaultApi;
import io.virtainers.client.http.ApiClient;
import io.virtainers.client.http.ApiException;
import io.virtainers.client.model.Exec;
import io.virtainers.client.model.ExecResult;
import io.virtainers.client.model.Machine;
import io.virtainers.client.model.MachineRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        assertEquals(
                List.of(name), api.listMachines().stream().map(Machine::getName).toList());
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
        assertEquals(Machine.StateEnum.ENDED, again.stopMachine(name, 60).getState());
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
        assertEquals(List.of(), api.listMachines());
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

    private static DefaultApi client(CommandRun server) throws Exception {
        server.awaitOut("token");
        List<String> lines = server.out().lines().toList();
        String token = Files.readString(
                        Path.of(lines.get(1).substring("token".length()).strip()))
                .strip();
        ApiClient client = new ApiClient();
        client.updateBaseUri(lines.get(0).substring("address".length()).strip());
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
        return new DefaultApi(client);
    }
}
