package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagesCheckTest {
    private static final String SUM = "ab".repeat(32);

    @TempDir
    private Path directory;

    private HttpServer publisher;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @BeforeEach
    void publish() throws IOException {
        publisher = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        answer("/one.qcow2", "");
        answer("/two.qcow2", "");
        answer("/SUMS", "SHA256 (one.qcow2) = " + SUM + "\n");
        publisher.start();
    }

    @AfterEach
    void end() {
        publisher.stop(0);
    }

    private void answer(String path, String text) {
        publisher.createContext(path, exchange -> {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    private int check(String... words) throws IOException {
        String at = "http://127.0.0.1:" + publisher.getAddress().getPort();
        Path list = Files.writeString(directory.resolve("catalogue"), """
                penguin:1 | cloud | %1$s/one.qcow2 | adelie | firmware | - | Penguin | %1$s/SUMS | qcow2
                penguin:2 | cloud | %1$s/two.qcow2 | adelie | firmware | - | Penguin | %1$s/SUMS | qcow2
                penguin:3 | cloud | %1$s/three.qcow2 | adelie | firmware | - | Penguin | %2$s | qcow2
                """.formatted(at, SUM));
        PrintStream stream = new PrintStream(output, true, StandardCharsets.UTF_8);
        String[] arguments = new String[words.length + 2];
        arguments[0] = "images";
        arguments[1] = "check";
        System.arraycopy(words, 0, arguments, 2, words.length);
        return new CommandLineFace(new Surroundings(
                        Map.of("VIRTAINERS_CATALOGUE", list.toString()), InputStream.nullInputStream(), stream, stream))
                .execute(arguments);
    }

    @Test
    void saysOfEachWhatIsWrongWithIt() throws Exception {
        assertEquals(Failure.IMAGE_MISSING.exitStatus(), check());
        String said = output.toString(StandardCharsets.UTF_8);
        assertTrue(said.matches("(?s).*penguin:1 +ok .*"), said);
        assertTrue(said.matches("(?s).*penguin:2 +the list of checksums has none of it .*"), said);
        assertTrue(said.matches("(?s).*penguin:3 +the image's address says 404 .*"), said);
    }

    @Test
    void asksForTheNamedAlone() throws Exception {
        assertEquals(0, check("penguin:1"));
        assertEquals(Failure.USAGE.exitStatus(), check("penguin:9"));
        String said = output.toString(StandardCharsets.UTF_8);
        assertTrue(said.contains("The catalogue has no penguin:9."), said);
    }
}
