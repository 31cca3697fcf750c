package io.jenkins.plugins.virtainers.cli.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Which engine is chosen, with the files that Docker's own command would have written. */
class DockerContextsTest {
    /** What sha256sum makes of "other" and of "remote". */
    private static final String OTHER = "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa";

    private static final String REMOTE = "b71199ebd070b36beab7317920c2c2f1d777df8d05e5527d8458fda57cb17a7a";

    @TempDir
    Path home;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void makeContexts() throws IOException {
        environment.put("HOME", home.toString());
        meta(OTHER, """
                {"Name":"other","Metadata":{"Description":"another"},"Endpoints":{"docker":{"Host":"unix:///run/other.sock","SkipTLSVerify":false}}}""");
    }

    private void meta(String digest, String json) throws IOException {
        Path folder =
                Files.createDirectories(home.resolve(".docker/contexts/meta").resolve(digest));
        Files.writeString(folder.resolve("meta.json"), json);
    }

    private void use(String context) throws IOException {
        Files.writeString(
                home.resolve(".docker/config.json"),
                "{\n\t\"auths\": {},\n\t\"currentContext\": \"%s\"\n}".formatted(context));
    }

    private EngineChoice choice() {
        return new EngineChoice(new Surroundings(environment, InputStream.nullInputStream(), System.out, System.err));
    }

    private static CommonOptions options(String... arguments) {
        return CommandLine.populateCommand(new CommonOptions(), arguments);
    }

    private String chosen(String... arguments) {
        return choice().find(options(arguments)).map(DockerEndpoint::toString).orElse("none");
    }

    private String refusal(String... arguments) {
        VirtainerException refused = assertThrows(VirtainerException.class, () -> chosen(arguments));
        assertEquals(Failure.ENGINE_CONFIGURATION, refused.failure());
        return refused.getMessage();
    }

    @Test
    void optionComesBeforeVariableAndVariableBeforeWhatIsInUse() throws Exception {
        use("other");
        assertEquals("unix:///run/other.sock", chosen());
        environment.put("DOCKER_CONTEXT", "none");
        assertTrue(refusal().contains("DOCKER_CONTEXT"));
        environment.put("DOCKER_HOST", "unix:///run/host.sock");
        assertEquals("unix:///run/host.sock", chosen());
        assertEquals("unix:///run/option.sock", chosen("--host", "unix:///run/option.sock"));
        assertEquals("unix:///run/other.sock", chosen("--context", "other"));
        assertEquals("unix:///run/other.sock", chosen("-c", "other"));
        assertEquals("unix:///run/host.sock", chosen("--context", "default"));
        VirtainerException both = assertThrows(
                VirtainerException.class, () -> chosen("--context", "other", "--host", "unix:///run/option.sock"));
        assertEquals(Failure.USAGE, both.failure());
    }

    @Test
    void theVariableNamesOne() throws Exception {
        environment.put("DOCKER_CONTEXT", "other");
        DockerContext context = choice().context(options()).orElseThrow();
        assertEquals("other (chosen by DOCKER_CONTEXT): unix:///run/other.sock", context.toString());
        assertEquals(Map.of("DOCKER_HOST", "unix:///run/other.sock"), context.variables());
    }

    @Test
    void theFolderMayBeElsewhere() throws Exception {
        use("other");
        Path elsewhere = home.resolve("elsewhere");
        Files.move(home.resolve(".docker"), elsewhere);
        assertEquals(Optional.empty(), choice().context(options()));
        environment.put("DOCKER_CONFIG", elsewhere.toString());
        assertEquals("unix:///run/other.sock", chosen());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"currentContext\": \"\"}", "{\"currentContext\": \"default\"}"})
    void noneIsInUseByDefault(String configuration) throws Exception {
        Files.writeString(home.resolve(".docker/config.json"), configuration);
        assertEquals(Optional.empty(), choice().context(options()));
    }

    @Test
    void theDefaultIsNone() throws Exception {
        use("other");
        environment.put("DOCKER_CONTEXT", "default");
        assertEquals(Optional.empty(), choice().context(options()));
    }

    @Test
    void aConfigurationThatIsNoneIsSaid() throws Exception {
        Files.writeString(home.resolve(".docker/config.json"), "{\"currentContext\": ");
        assertTrue(refusal().contains(".docker/config.json cannot be read, for it is no JSON"), refusal());
        assertEquals("unix:///run/option.sock", chosen("--host", "unix:///run/option.sock"));
    }

    @Test
    void aContextThatIsNotThereIsSaid() throws Exception {
        use("gone");
        String said = refusal();
        assertTrue(said.startsWith("Cannot use Docker context \"gone\", which " + home), said);
        assertTrue(said.contains("there is none of that name in " + home.resolve(".docker")), said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{                                                                     | is no JSON",
                "{\"Name\":\"other\",\"Endpoints\":{}}                                 | names no engine",
                "{\"Endpoints\":{\"docker\":{\"Host\":\"\"}}}                          | names no engine",
                "{\"Endpoints\":{\"docker\":{\"Host\":\"npipe:////./pipe/engine\"}}}   | not an address",
                "{\"Endpoints\":{\"docker\":{\"Host\":\"ssh://me:secret@far\"}}}       | not an address",
                "{\"Endpoints\":{\"docker\":{\"Host\":\"tcp://far:1\",\"SkipTLSVerify\":true}}} | SkipTLSVerify",
            })
    void aContextThatCannotBeUsedIsSaid(String json, String words) throws Exception {
        meta(OTHER, json);
        String said = refusal("--context", "other");
        assertTrue(said.startsWith("Cannot use Docker context \"other\", which --context chose: "), said);
        assertTrue(said.contains(words), said);
    }

    @Test
    void certificatesAreThoseOfTheContext() throws Exception {
        meta(REMOTE, """
                {"Name":"remote","Metadata":{},"Endpoints":{"docker":{"Host":"tcp://far:2376","SkipTLSVerify":false}}}""");
        assertEquals(
                Optional.empty(),
                choice().find(options("-c", "remote")).orElseThrow().tls());
        Path tls = Files.createDirectories(
                home.resolve(".docker/contexts/tls").resolve(REMOTE).resolve("docker"));
        Files.writeString(tls.resolve("ca.pem"), "authority");
        String said = refusal("-c", "remote");
        assertTrue(said.contains("\"remote\"") && said.contains("cert.pem"), said);
        Files.writeString(tls.resolve("cert.pem"), "certificate");
        Files.writeString(tls.resolve("key.pem"), "key");
        DockerContext context = choice().context(options("-c", "remote")).orElseThrow();
        assertEquals(
                Optional.of(new DockerEndpoint.Tls("authority", "certificate", "key")),
                context.endpoint().tls());
        assertEquals(
                Map.of("DOCKER_HOST", "tcp://far:2376", "DOCKER_TLS_VERIFY", "1", "DOCKER_CERT_PATH", tls.toString()),
                context.variables());
    }

    @Test
    void anEngineMayBeBehindSsh() throws Exception {
        meta(OTHER, "{\"Endpoints\":{\"docker\":{\"Host\":\"ssh://me@far\"}}}");
        assertEquals("ssh://me@far", chosen("--context", "other"));
        assertEquals("ssh://me@near:2222/run/x.sock", chosen("--host", "ssh://me@near:2222/run/x.sock"));
        assertTrue(refusal("--host", "ssh://me:secret@far").contains("not an address"));
    }
}
