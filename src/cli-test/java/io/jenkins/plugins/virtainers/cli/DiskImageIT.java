package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.docker.ServedFile;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Disk images of the caller's, from a file and over HTTP. Needs virtainers/runtime and virtainers/debian:12, and what
 * runtime/test/cloud-image needs.
 */
class DiskImageIT extends CommandTest {
    @TempDir
    static Path images;

    private static Path cloudImage;

    @BeforeAll
    static void makeCloudImage() throws Exception {
        cloudImage = images.resolve("cloud.qcow2");
        succeed("runtime/test/cloud-image", cloudImage.toString());
    }

    @Test
    @Tag("long")
    void aFileIsBootedAndItsUserRunsTheCommand() {
        CommandRun run = start(
                "exec",
                "--name",
                name(),
                "--image",
                cloudImage.toString(),
                "--user",
                "debian",
                "--",
                "sh",
                "-c",
                "id -un; systemctl is-active cloud-final");
        assertEquals(0, run.status(), run.err());
        assertEquals("debian\nactive\n", run.out());
    }

    @Test
    void aNameOfACatalogueIsFetchedCheckedKeptAndLoggedInToAgain() throws Exception {
        try (ServedFile served = new ServedFile(cloudImage)) {
            String name = name();
            Path catalogue = Files.writeString(
                    directory.resolve("catalogue"),
                    "cloud:1 | cloud | %s | debian | firmware | - | A cloud image | %s | qcow2%n"
                            .formatted(
                                    served.url(),
                                    HexFormat.of()
                                            .formatHex(MessageDigest.getInstance("SHA-256")
                                                    .digest(Files.readAllBytes(cloudImage)))));
            CommandRun run = start(
                    Map.of("VIRTAINERS_CATALOGUE", catalogue.toString()),
                    NO_INPUT,
                    "run",
                    "--name",
                    name,
                    "--boot",
                    "direct",
                    "cloud:1");
            assertEquals(0, run.status(), run.err());
            assertTrue(run.out().contains(" debian@"), run.out());
            CommandRun ssh = start("ssh", name, "--", "id", "-un");
            assertEquals(0, ssh.status(), ssh.err());
            assertEquals("debian\n", ssh.out());
            assertEquals(0, start("rm", name).status());
        }
    }

    @Test
    void anAddressThatLeadsNowhereIsASentence() {
        refuses(
                Failure.IMAGE_MISSING,
                "http://127.0.0.1:9/none.qcow2 cannot be fetched",
                "http://127.0.0.1:9/none.qcow2");
    }

    @Test
    void aWrongChecksumIsASentence() throws IOException {
        refuses(
                Failure.IMAGE_CORRUPT,
                "is not what was asked for: its sha256 is",
                Files.writeString(directory.resolve("other"), "another disk").toString(),
                "--checksum",
                "0".repeat(64));
    }

    @Test
    void aFileThatIsNoDiskIsASentence() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "not a disk\n".repeat(200_000));
        refuses(Failure.IMAGE_CORRUPT, "it is no qcow2 image, and has no boot sector", text.toString());
    }

    @Test
    void aFileThatIsNotThereIsASentence() {
        refuses(Failure.IMAGE_MISSING, "there is no such file", "/no/such/image.qcow2");
    }

    private void refuses(Failure failure, String words, String image, String... more) {
        String[] arguments = {"exec", "--name", name(), "--user", "debian", "--image", image};
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length + 2);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        all[all.length - 2] = "--";
        all[all.length - 1] = "true";
        expect(failure.exitStatus(), words, all);
    }
}
