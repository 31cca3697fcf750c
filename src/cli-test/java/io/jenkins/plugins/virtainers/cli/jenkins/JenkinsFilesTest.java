package io.jenkins.plugins.virtainers.cli.jenkins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.virtainers.cli.terminal.Screen;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the sample's Jenkins comes from, with a download site on loopback. */
class JenkinsFilesTest {
    private static final List<String> WANTED = List.of(
            "bouncycastle-api",
            "cloud-stats",
            "configuration-as-code",
            "credentials",
            "docker-commons",
            "docker-java-api",
            "durable-task",
            "pipeline-model-definition",
            "plain-credentials",
            "ssh-credentials",
            "structs",
            "trilead-api",
            "variant",
            "workflow-basic-steps",
            "workflow-durable-task-step",
            "workflow-job");

    @TempDir
    private Path folder;

    private final List<String> asked = new ArrayList<>();
    private String changed = "";
    private HttpServer site;

    @BeforeEach
    void open() throws Exception {
        site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        site.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            asked.add(path);
            byte[] answer = answer(path);
            exchange.sendResponseHeaders(answer.length == 0 ? 404 : 200, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        site.start();
    }

    @AfterEach
    void close() {
        site.stop(0);
    }

    private byte[] answer(String path) {
        if (path.equals("/updates")) {
            return list().getBytes(StandardCharsets.UTF_8);
        }
        if (path.equals(changed) || path.endsWith(".hpi") || path.equals("/war")) {
            return (path.equals(changed) ? "something else" : path).getBytes(StandardCharsets.UTF_8);
        }
        return new byte[0];
    }

    /** Every wanted plugin, and two that one of them depends on. */
    private String list() {
        List<String> plugins = new ArrayList<>();
        for (String name : WANTED) {
            String dependencies = name.equals("workflow-job")
                    ? "{\"name\": \"needed\", \"optional\": false}, {\"name\": \"not-needed\", \"optional\": true}"
                    : "";
            plugins.add(plugin(name, dependencies));
        }
        plugins.add(plugin("needed", ""));
        plugins.add(plugin("not-needed", ""));
        return "{\"plugins\": {" + String.join(", ", plugins) + "}}";
    }

    private String plugin(String name, String dependencies) {
        return "\"%s\": {\"url\": \"%s\", \"sha256\": \"%s\", \"dependencies\": [%s]}"
                .formatted(name, at("/" + name + ".hpi"), digest("/" + name + ".hpi"), dependencies);
    }

    private static String digest(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private URI at(String path) {
        return URI.create("http://127.0.0.1:" + site.getAddress().getPort() + path);
    }

    private JenkinsFiles files(String war) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        Surroundings surroundings = new Surroundings(
                Map.of("VIRTAINERS_JENKINS", folder.resolve("jenkins").toString()),
                new ByteArrayInputStream(new byte[0]),
                nowhere,
                nowhere);
        return new JenkinsFiles(surroundings, new Screen(nowhere, false, true, false), at(war), at("/updates"));
    }

    @Test
    void downloadsWhatIsNotThereOnce() throws Exception {
        assertEquals("/war", Files.readString(files("/war").war()));
        assertEquals("/war", Files.readString(files("/war").war()));
        assertEquals(List.of("/war"), asked);
    }

    @Test
    void bringsThePluginsAndWhatTheyNeed() throws Exception {
        List<String> names = files("/war").plugins().stream()
                .map(plugin -> plugin.getFileName().toString())
                .toList();
        assertEquals(WANTED.size() + 1, names.size());
        assertTrue(names.contains("needed.hpi"));
        assertFalse(names.contains("not-needed.hpi"));
        asked.clear();
        files("/war").plugins();
        assertEquals(List.of(), asked);
    }

    @Test
    void takesNoPluginThatIsNotTheOneThatTheListNames() {
        changed = "/structs.hpi";
        VirtainerException e = assertThrows(VirtainerException.class, files("/war")::plugins);
        assertTrue(
                e.getMessage()
                        .endsWith(
                                "what came is not what the list of plugins names. Put jenkins.war and a folder plugins/ with .hpi files into %s, or set VIRTAINERS_JENKINS to where they are."
                                        .formatted(folder.resolve("jenkins"))),
                e.getMessage());
        assertFalse(Files.exists(folder.resolve("jenkins/plugins")), "no part of them is taken for the whole");
    }

    @Test
    void saysWhatToDoWhereNothingCanBeDownloaded() {
        VirtainerException e = assertThrows(VirtainerException.class, files("/nothing")::war);
        assertTrue(e.getMessage().startsWith("Cannot download " + at("/nothing") + ": the answer is status 404. Put "));
    }
}
