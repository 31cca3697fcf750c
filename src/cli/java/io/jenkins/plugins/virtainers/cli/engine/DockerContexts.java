package io.jenkins.plugins.virtainers.cli.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Contexts as Docker's own command keeps them, in files below its configuration's folder: which is current, and what engine
 * each names. One that cannot be used is said: whoever chose it would not want another engine in its place.
 */
final class DockerContexts {
    /** The name of what needs none: DOCKER_HOST, and the usual sockets. */
    static final String DEFAULT = "default";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TLS_FILES = List.of("ca.pem", "cert.pem", "key.pem");

    private final Path folder;

    DockerContexts(Surroundings surroundings) {
        this.folder = surroundings
                .variable("DOCKER_CONFIG")
                .map(Path::of)
                .orElseGet(() -> surroundings.home().resolve(".docker"));
    }

    /** What {@code docker context use} writes to. */
    Path configuration() {
        return folder.resolve("config.json");
    }

    /** The context that {@code docker context use} chose. */
    Optional<String> current() {
        String text;
        try {
            text = Files.readString(configuration());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw unreadableConfiguration(e.toString(), e);
        }
        try {
            // Docker takes an empty file for none.
            return Optional.of(JSON.readTree(text).path("currentContext").asText(""))
                    .filter(name -> !name.isEmpty());
        } catch (JsonProcessingException e) {
            throw unreadableConfiguration("it is no JSON", e);
        }
    }

    private VirtainerException unreadableConfiguration(String why, IOException cause) {
        return Failure.ENGINE_CONFIGURATION.because(
                "Cannot tell which Docker context is current: %s cannot be read, for %s. Mend it, or name an engine with --host."
                        .formatted(configuration(), why),
                cause);
    }

    /**
     * A context by its name.
     *
     * @param chosenBy what named it, for sentences
     */
    DockerContext named(String name, String chosenBy) {
        Path meta = folder.resolve("contexts/meta").resolve(digest(name)).resolve("meta.json");
        JsonNode docker;
        try {
            docker = JSON.readTree(Files.readString(meta)).path("Endpoints").path("docker");
        } catch (NoSuchFileException e) {
            throw unusable(name, chosenBy, "there is none of that name in %s".formatted(folder), e);
        } catch (JsonProcessingException e) {
            throw unusable(name, chosenBy, "%s is no JSON".formatted(meta), e);
        } catch (IOException e) {
            throw unusable(name, chosenBy, "%s cannot be read, for %s".formatted(meta, e), e);
        }
        String host = docker.path("Host").asText("");
        if (host.isBlank()) {
            throw unusable(name, chosenBy, "%s names no engine".formatted(meta), null);
        }
        Optional<Path> certificates = host.startsWith("unix:") || host.startsWith("ssh:")
                ? Optional.empty()
                : certificates(name, chosenBy, docker);
        try {
            return new DockerContext(
                    name,
                    chosenBy,
                    DockerEndpoint.parse(host, certificates.map(DockerEndpoint.Tls::read)),
                    certificates);
        } catch (VirtainerException e) {
            throw unusable(name, chosenBy, e.getMessage().replaceFirst("\\.$", ""), e);
        }
    }

    private Optional<Path> certificates(String name, String chosenBy, JsonNode docker) {
        if (docker.path("SkipTLSVerify").asBoolean()) {
            throw unusable(
                    name,
                    chosenBy,
                    "it asks to trust whoever answers there (SkipTLSVerify), which virtainer does not do; give it the engine's ca.pem",
                    null);
        }
        Path certificates = folder.resolve("contexts/tls").resolve(digest(name)).resolve("docker");
        return TLS_FILES.stream().anyMatch(file -> Files.exists(certificates.resolve(file)))
                ? Optional.of(certificates)
                : Optional.empty();
    }

    private static VirtainerException unusable(String name, String chosenBy, String why, Throwable cause) {
        return Failure.ENGINE_CONFIGURATION.because(
                "Cannot use Docker context \"%s\", which %s chose: %s. See docker context ls, or name an engine with --context or --host."
                        .formatted(name, chosenBy, why),
                cause);
    }

    private static String digest(String name) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
