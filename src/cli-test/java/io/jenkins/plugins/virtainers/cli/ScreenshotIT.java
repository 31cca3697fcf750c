package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import java.awt.image.BufferedImage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The screen of a real guest. Needs images/build debian:12. */
class ScreenshotIT extends CommandTest {
    private static final String IMAGE = "debian:12";
    private static final Duration A_MINUTE = Duration.ofMinutes(1);

    @Test
    void theScreenOfAMachineIsAtAPageAndInAPicture() throws Exception {
        String name = name();
        Path picture = directory.resolve("screen.png");
        CommandRun run = start("run", "--name", name, "--vnc", "--vnc-password", "opensit", "--json", IMAGE);
        assertEquals(0, run.status(), run.err());
        try {
            JsonNode printed = new ObjectMapper().readTree(run.out());
            URI page = URI.create(printed.get("screen").asText());
            assertTrue(Set.of("127.0.0.1", "localhost").contains(page.getHost()), page.toString());
            assertEquals("opensit", printed.get("screenPassword").asText());
            assertTrue(read(page.resolve("vnc.html")).contains("<title>noVNC</title>"));
            // The login comes after SSH, to a screen that the kernel has cleared.
            Awaitility.await("a picture of more than one colour")
                    .atMost(A_MINUTE)
                    .until(() -> {
                        expect(0, "", "screenshot", name, picture.toString());
                        BufferedImage image = ImageIO.read(picture.toFile());
                        assertTrue(image.getWidth() >= 640 && image.getHeight() >= 400, image.toString());
                        return colours(image) > 1;
                    });
            expect(
                    Failure.COPY_FAILED.exitStatus(),
                    "Cannot write /nowhere/a.png",
                    "screenshot",
                    name,
                    "/nowhere/a.png");
            try (Stream<Path> files = Files.list(directory)) {
                assertFalse(files.anyMatch(file -> file.toString().endsWith(".part")));
            }
        } finally {
            assertEquals(0, start("rm", name).status());
        }
    }

    @Test
    void theScreenOfNoMachineIsASentence() {
        expect(
                Failure.NO_SUCH_VM.exitStatus(),
                "There is no virtual machine no-such-machine",
                "screenshot",
                "no-such-machine",
                directory.resolve("a.png").toString());
        assertFalse(Files.exists(directory.resolve("a.png")));
    }

    private static String read(URI page) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static long colours(BufferedImage image) {
        return Arrays.stream(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .distinct()
                .count();
    }
}
