package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.spec.BootMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a guest wrote, published as an image and carried to another machine. Needs virtainers/debian:12. */
class DiskIT extends CommandTest {
    private static final String IMAGE = "debian:12";
    private static final String IDENTITY = "cat /etc/kept /etc/machine-id; ls /etc/ssh/ssh_host_*_key";

    @Test
    void aChangedMachineIsPublishedAndItsDiskIsCarriedToAnother() throws Exception {
        publishAndCarry(BootMode.RESTORE);
    }

    @Test
    @Tag("long")
    void soIsOneThatBooted() throws Exception {
        publishAndCarry(BootMode.DIRECT);
    }

    private void publishAndCarry(BootMode boot) throws Exception {
        String one = name();
        String image = "virtainers-it/" + one + ":1";
        String volume = one + "-disk";
        try {
            run(0, "warm", IMAGE);
            String rung = boot.word();
            CommandRun booted = run(0, "run", "--name", one, "--boot", rung, IMAGE);
            // A restored guest may be there before anything is worth a line.
            assertTrue(boot == BootMode.RESTORE || booted.err().contains(" s, rung " + rung + ": "), booted.err());
            assertTrue(run(0, "logs", one).err().contains(" rung: " + rung + ": "), "on the way that was asked for");
            run(0, "ssh", one, "--", "sh", "-c", "echo kept | sudo tee /etc/kept >/dev/null");
            String before = run(0, "ssh", one, "--", "sh", "-c", IDENTITY).out();
            expect(Failure.MACHINE_RUNS.exitStatus(), "virtainer stop " + one, "commit", one, image);
            run(0, "stop", one);
            run(0, "commit", one, image);
            Path diff = directory.resolve("web.qcow2");
            run(0, "diff", "export", one, diff.toString());
            run(0, "diff", "import", diff.toString(), volume, IMAGE);
            run(0, "rm", one);

            assertEquals(1, layers(image) - layers("virtainers/" + IMAGE), "layers more");
            String published = name();
            run(0, "run", "--name", published, image);
            String after = run(0, "ssh", published, "--", "sh", "-c", IDENTITY).out();
            run(0, "rm", published);
            assertEquals(line(before, 0), line(after, 0));
            assertNotEquals(line(before, 1), line(after, 1), "two guests with one machine id");
            assertEquals(line(before, 2), line(after, 2));

            String carried = name();
            run(0, "run", "--name", carried, "--data", volume, IMAGE);
            assertEquals(
                    before, run(0, "ssh", carried, "--", "sh", "-c", IDENTITY).out());
            run(0, "rm", carried);
            expect(
                    Failure.USAGE.exitStatus(),
                    "was written over another image",
                    "run",
                    "--name",
                    name(),
                    "--data",
                    volume,
                    image);
        } finally {
            docker("volume", "rm", "-f", volume);
            docker("image", "rm", "-f", image);
        }
    }

    @Test
    void aFolderKeepsItsDiskAndAPortIsWhereItWasAskedFor() throws Exception {
        String folder = directory.resolve("srv/web").toString();
        String one = name();
        int port = freePort();
        String serve = "echo kept >kept; nohup python3 -m http.server 8123 </dev/null >/dev/null 2>&1 &"
                + " until curl -s http://localhost:8123/ >/dev/null; do sleep 0.2; done";
        CommandRun run = run(0, "run", "--name", one, "--data", folder, "-p", port + ":8123", "-p", "8124", IMAGE);
        assertTrue(run.out().contains("port     8123 is at 127.0.0.1:" + port), run.out());
        assertTrue(run.out().contains("port     8124 is at 127.0.0.1:"), run.out());
        run(0, "ssh", one, "--", "sh", "-c", serve);
        assertEquals(
                "kept\n",
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/kept"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body());
        String listed = run(0, "ps").out();
        assertTrue(listed.contains("8123=127.0.0.1:" + port), listed);
        expect(
                Failure.PORT_IN_USE.exitStatus(),
                Integer.toString(port),
                "run",
                "--name",
                name(),
                "-p",
                "127.0.0.1:" + port + ":80",
                IMAGE);
        run(0, "stop", one);
        run(0, "rm", one);
        assertEquals(1000, Files.getAttribute(Path.of(folder, "local_image.qcow2"), "unix:uid"));

        String two = name();
        run(0, "run", "--name", two, "--data", folder, IMAGE);
        assertEquals("kept\n", run(0, "ssh", two, "--", "cat", "kept").out());
        run(0, "rm", two);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aDiffOfNoMachineIsASentence() {
        expect(
                Failure.NO_SUCH_VM.exitStatus(),
                "There is no virtual machine no-such-machine",
                "diff",
                "export",
                "no-such-machine",
                directory.resolve("x").toString());
        expect(Failure.USAGE.exitStatus(), "diff takes export or import", "diff");
    }

    private CommandRun run(int status, String... arguments) {
        CommandRun run = start(arguments);
        assertEquals(status, run.status(), run.err());
        return run;
    }

    private static String line(String text, int number) {
        List<String> lines = text.lines().toList();
        assertTrue(lines.size() > number, text);
        return lines.get(number);
    }

    private int layers(String image) throws IOException, InterruptedException {
        return Integer.parseInt(docker("image", "inspect", "-f", "{{len .RootFS.Layers}}", image)
                .strip());
    }
}
