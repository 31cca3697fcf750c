package io.jenkins.plugins.virtainers.docker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import io.jenkins.plugins.virtainers.docker.dial.SshAddress;
import io.jenkins.plugins.virtainers.engine.failure.Sentences;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.params.provider.ValueSource;

/** What an engine answers, and where it is said to be. */
class EngineAnswersFuzzTest {
    private static final ObjectMapper JSON =
            DefaultDockerClientConfig.createDefaultConfigBuilder().build().getObjectMapper();
    private static final DockerEndpoint ENDPOINT = DockerEndpoint.parse("unix:///run/docker.sock", Optional.empty());

    @ValueSource(
            strings = {
                "{\"message\":\"No such container: web\"}\n",
                "{\"cause\":\"x\",\"message\":\"a \\\"b\\\"\\r\\n\\u001b[2J\",\"response\":404}",
                "Bad gateway\r\n\u001b[2J",
                "{\"message\":{\"a\":1}}"
            })
    @FuzzTest
    void refusal(@NotNull String body) {
        Sentences.requireHarmless(EngineAnswer.of(new DockerException(body, 500)));
    }

    @ValueSource(
            strings = {
                "{\"Id\":\"0123\",\"Name\":\"/web\",\"Created\":\"2026-01-01T00:00:00Z\",\"State\":{\"Status\":\"exited\",\"ExitCode\":0,\"FinishedAt\":\"2026-01-01T00:00:00Z\"},\"Config\":{\"Image\":\"a\",\"Labels\":{\"a\":\"b\"}},\"NetworkSettings\":{\"Networks\":{\"bridge\":{\"IPAddress\":\"172.17.0.2\"}},\"Ports\":{\"22/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"32768\"}],\"80/tcp\":null}}}",
                "{}",
                "{\"Id\":\"0\",\"Name\":\"\",\"State\":{},\"Config\":{},\"NetworkSettings\":{\"Ports\":{\"22/tcp\":[{\"HostPort\":\"\"}]}}}",
                "{\"Id\":\"0\",\"Name\":\"a\",\"State\":{\"Status\":\"exited\",\"ExitCode\":9223372036854775807},\"Config\":{}}"
            })
    @FuzzTest
    void inspection(@NotNull String answer) {
        InspectContainerResponse response;
        try {
            response = JSON.readValue(answer, InspectContainerResponse.class);
        } catch (JsonProcessingException | NumberFormatException e) {
            // Docker's library says so itself.
            return;
        }
        if (response != null) {
            Sentences.read(() -> Inspection.container(response, ENDPOINT));
        }
    }

    @ValueSource(strings = {"2026-01-01T00:00:00.123456789Z", "0001-01-01T00:00:00Z", "2026-01-01T00:00:00+02:00", ""})
    @FuzzTest
    void time(@NotNull String written) {
        DockerInfo.instant(written)
                .ifPresent(instant -> assertEquals(Optional.of(instant), DockerInfo.instant(written)));
    }

    @ValueSource(
            strings = {
                "unix:///run/docker.sock",
                "unix:///a b%20c/\0",
                "tcp://host:2376",
                "tcp://host:",
                "http://[::1]:80/a",
                "ssh://user@host:22/run/docker.sock",
                "ssh://-oProxyCommand=x",
                "tcp://user:secret@host",
                "a\nb"
            })
    @FuzzTest
    void endpoint(@NotNull String address) {
        Sentences.read(() -> DockerEndpoint.parse(address, Optional.empty())).ifPresent(endpoint -> {
            Sentences.requireHarmless(endpoint.toString());
            assertEquals(endpoint, DockerEndpoint.parse(endpoint.toString(), Optional.empty()));
            endpoint.ssh().ifPresent(EngineAnswersFuzzTest::requireNoOption);
        });
    }

    /** What would be an option of ssh's is no host and no user. */
    private static void requireNoOption(SshAddress address) {
        assertTrue(!address.host().isEmpty());
        assertTrue(!address.host().startsWith("-"), address.host());
        assertTrue(address.user().stream().noneMatch(user -> user.startsWith("-")));
        assertEquals(Optional.of(address), SshAddress.parse(URI.create(written(address))));
    }

    private static String written(SshAddress address) {
        String host = address.host().contains(":") ? "[" + address.host() + "]" : address.host();
        return "ssh://" + address.user().map(user -> user + "@").orElse("") + host
                + (address.port().isPresent() ? ":" + address.port().getAsInt() : "")
                + address.socket().orElse("");
    }

    @FuzzTest
    void archive(@NotNull String name, byte @NotNull [] content, int mode) throws IOException {
        String path = "/" + name.replaceAll("[^A-Za-z0-9._-]", "x") + "x";
        byte[] archive = FileArchive.of(
                List.of(new ContainerFile(path, ContainerFile.Content.of(content), mode & 0777)), Instant.EPOCH);
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
            TarArchiveEntry entry = tar.getNextEntry();
            assertEquals(path.substring(1), entry.getName());
            assertEquals(mode & 0777, entry.getMode() & 0777);
            assertArrayEquals(content, tar.readAllBytes());
            assertEquals(null, tar.getNextEntry());
        }
    }
}
