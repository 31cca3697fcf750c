package io.jenkins.plugins.virtainers.cli.jenkins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.virtainers.cli.terminal.Programs;
import io.jenkins.plugins.virtainers.cli.terminal.Screen;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.io.ConsoleTail;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a Jenkins is made of: its war, the plugins that ours needs, and ours. The first two are kept in one folder, and
 * come from the project's own download sites when they are not there; ours is built from the source tree.
 */
final class JenkinsFiles {
    static final String VERSION = "2.516.3";

    /** What the plugin requires or can use, and what configures the sample; the rest follows from these. */
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

    private static final URI WAR = URI.create("https://get.jenkins.io/war-stable/" + VERSION + "/jenkins.war");
    private static final URI UPDATES =
            URI.create("https://updates.jenkins.io/dynamic-stable-" + VERSION + "/update-center.actual.json");
    private static final Duration DOWNLOAD = Duration.ofMinutes(10);

    private final Surroundings surroundings;
    private final Screen screen;
    private final URI warSource;
    private final URI updates;
    private final Path folder;

    JenkinsFiles(Surroundings surroundings, Screen screen) {
        this(surroundings, screen, WAR, UPDATES);
    }

    /**
     * @param warSource where Jenkins comes from when it is not in the folder
     * @param updates where the list of plugins is that says where each comes from
     */
    JenkinsFiles(Surroundings surroundings, Screen screen, URI warSource, URI updates) {
        this.surroundings = surroundings;
        this.screen = screen;
        this.warSource = warSource;
        this.updates = updates;
        this.folder = surroundings
                .variable("VIRTAINERS_JENKINS")
                .map(Path::of)
                .orElseGet(() -> surroundings.home().resolve(".cache/virtainers/jenkins"));
    }

    /** Jenkins itself. */
    Path war() throws InterruptedException {
        Path war = folder.resolve("jenkins.war");
        if (!Files.isReadable(war)) {
            download(warSource, war, "");
        }
        return war;
    }

    /** The plugins that ours needs, and those that the sample needs. */
    List<Path> plugins() throws InterruptedException {
        Path others = folder.resolve("plugins");
        if (!Files.isDirectory(others)) {
            downloadPlugins(others);
        }
        try (Stream<Path> files = Files.list(others)) {
            return files.filter(file -> file.toString().endsWith(".hpi"))
                    .filter(file -> !file.endsWith("virtainers.hpi"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private void downloadPlugins(Path into) throws InterruptedException {
        Path list = folder.resolve("update-center.json");
        download(updates, list, "");
        try {
            JsonNode known = new ObjectMapper().readTree(list.toFile()).path("plugins");
            // In one step, so that what is broken off is not taken for the whole.
            Path part = Files.createTempDirectory(folder, "plugins");
            for (String name : withDependencies(known, WANTED)) {
                JsonNode plugin = known.path(name);
                download(
                        URI.create(plugin.path("url").asText()),
                        part.resolve(name + ".hpi"),
                        plugin.path("sha256").asText());
            }
            Files.move(part, into, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | IllegalArgumentException e) {
            throw unusable(e);
        }
    }

    /** Plugins and all that they cannot do without. */
    static Set<String> withDependencies(JsonNode known, List<String> wanted) {
        Set<String> all = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>(wanted);
        while (!open.isEmpty()) {
            String name = open.remove();
            if (!known.has(name)) {
                throw Failure.PLATFORM.because(
                        "The list of Jenkins plugins for %s has no %s.".formatted(VERSION, name));
            }
            if (all.add(name)) {
                known.path(name).path("dependencies").forEach(dependency -> {
                    if (!dependency.path("optional").asBoolean()) {
                        open.add(dependency.path("name").asText());
                    }
                });
            }
        }
        return all;
    }

    private void download(URI from, Path to, String sha256) throws InterruptedException {
        screen.step("Downloading " + from);
        try {
            Files.createDirectories(to.getParent());
            Path part = Files.createTempFile(to.getParent(), "download", "");
            HttpResponse<Path> answer = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build()
                    .send(
                            HttpRequest.newBuilder(from).timeout(DOWNLOAD).build(),
                            HttpResponse.BodyHandlers.ofFile(part));
            if (answer.statusCode() != 200) {
                Files.delete(part);
                throw unavailable(from, "the answer is status " + answer.statusCode());
            }
            if (!sha256.isEmpty() && !sha256.equals(digest(part))) {
                Files.delete(part);
                throw unavailable(from, "what came is not what the list of plugins names");
            }
            Files.move(part, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unavailable(from, e.toString());
        }
    }

    private static String digest(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return Base64.getEncoder().encodeToString(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private RuntimeException unavailable(URI from, String why) {
        return Failure.PLATFORM.because(
                "Cannot download %s: %s. Put jenkins.war and a folder plugins/ with .hpi files into %s, or set VIRTAINERS_JENKINS to where they are."
                        .formatted(from, why, folder));
    }

    private RuntimeException unusable(Exception e) {
        return Failure.PLATFORM.because("Cannot use %s: %s.".formatted(folder, e), e);
    }

    /** Ours, built when it is missing or older than its sources. */
    Path own() throws InterruptedException {
        Path tree = surroundings
                .sourceTree()
                .orElseThrow(
                        () -> Failure.PLATFORM.because(
                                "The plugin is built from its source tree, and this command was not started from one. Run ./virtainer of the source tree."));
        Path plugin = tree.resolve("target/virtainers.hpi");
        if (isCurrent(plugin, tree)) {
            return plugin;
        }
        screen.step("Building the plugin (once; a minute or two)");
        ConsoleTail tail = new ConsoleTail();
        int status = new Programs(surroundings).run(maven(tree), Map.of(), line -> {
            String clean = ConsoleTail.clean(line);
            tail.add(clean);
            screen.detail(clean);
        });
        if (status != 0 || !Files.isReadable(plugin)) {
            throw Failure.PLATFORM.because("Cannot build the plugin: Maven ended with status %d.%s"
                    .formatted(status, tail.quoted("It said:")));
        }
        return plugin;
    }

    private List<String> maven(Path tree) {
        List<String> command = new ArrayList<>();
        Path own = folder.resolve("maven/bin/mvn");
        Path settings = folder.resolve("settings.xml");
        if (Files.isExecutable(own) && Files.isReadable(settings)) {
            command.addAll(List.of(own.toString(), "-s", settings.toString()));
        } else {
            command.add("mvn");
        }
        command.addAll(List.of(
                "-B",
                "-ntp",
                "-f",
                tree.resolve("pom.xml").toString(),
                "-Dmaven.test.skip=true",
                "-Dspotbugs.skip=true",
                "package"));
        return command;
    }

    private boolean isCurrent(Path plugin, Path tree) {
        if (!Files.isReadable(plugin)) {
            return false;
        }
        try (Stream<Path> sources = Files.walk(tree.resolve("src/main"))) {
            FileTime built = Files.getLastModifiedTime(plugin);
            List<Path> files = Stream.concat(Stream.of(tree.resolve("pom.xml")), sources)
                    .filter(Files::isRegularFile)
                    .toList();
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).compareTo(built) > 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw unusable(e);
        }
    }
}
