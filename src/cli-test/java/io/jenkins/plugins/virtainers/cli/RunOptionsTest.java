package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.cli.machine.RunCommand;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.agent.AgentJava;
import io.jenkins.plugins.virtainers.engine.agent.AgentProgram;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.spec.Naming;
import io.jenkins.plugins.virtainers.engine.spec.RuntimeVariables;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import io.jenkins.plugins.virtainers.engine.spec.VncPassword;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Every variable of the runtime is an option of "run"; {@code runtime/env.sh} is their list. */
class RunOptionsTest {
    private static final Pattern DECLARATION = Pattern.compile("^ +([A-Z_]+)=\\$\\{\\1:-.*");

    /** For each variable an option, its value, and what the runtime then gets. */
    private static final Map<String, List<String>> OPTIONS = Map.ofEntries(
            Map.entry("RAM", List.of("--memory", "2G", "2048")),
            Map.entry("CPU", List.of("--cpus", "3", "3")),
            Map.entry("VM_NAME", List.of("--name", "other", "other")),
            Map.entry("OS_VARIANT", List.of("--os-variant", "rhel7", "rhel7")),
            Map.entry("IMAGE", List.of("--image-path", "/other.qcow2", "/other.qcow2")),
            Map.entry("IMAGE_URL", List.of("--image", "https://example.org/i", "https://example.org/i")),
            Map.entry("IMAGE_CHECKSUM", List.of("--checksum", "0a", "0a")),
            Map.entry("IMAGE_CACHE", List.of("--image-cache", "/cache", "/cache")),
            Map.entry("IMAGE_DIR", List.of("--image-dir", "/elsewhere", "/elsewhere")),
            Map.entry("CLOUD_INIT_DISK", List.of("--cloud-init-disk", "/seed.iso", "/seed.iso")),
            Map.entry("DISK_SIZE", List.of("--disk", "20G", "20G")),
            Map.entry("ACCEL", List.of("--accel", "tcg", "tcg")),
            Map.entry("TCG_THREADS", List.of("--tcg-threads", "multi", "multi")),
            Map.entry("AGENT", List.of("--agent-jar", "LICENSE", digestOfAgent("LICENSE"))),
            Map.entry("SHARED_USER_DATA", List.of("--shared-user-data", "verify", digestOf("verify"))),
            Map.entry("BOOT", List.of("--boot", "cold", "cold")),
            Map.entry("TEMPLATE_SPACE", List.of("--template-space", "5G", "5G")),
            Map.entry("IMAGE_SPACE", List.of("--image-space", "9G", "9G")),
            Map.entry("NETWORK", List.of("--network", "user", "user")),
            Map.entry("CIDR", List.of("--cidr", "192.168.100", "192.168.100")),
            Map.entry("PORTS", List.of("--port", "80", "22 80")),
            Map.entry("PROXY", List.of("--proxy", "", "yes")),
            Map.entry("TZ", List.of("--timezone", "Europe/Berlin", "Europe/Berlin")),
            Map.entry("STRICT", List.of("--strict", "", "yes")),
            Map.entry("BOOT_TIMEOUT", List.of("--timeout", "90s", "90")),
            Map.entry("STOP_TIMEOUT", List.of("--stop-timeout", "30s", "30")),
            Map.entry("EPHEMERAL", List.of("--ephemeral", "", "yes")),
            Map.entry("LEASE", List.of("--lease", "60s", "60")),
            Map.entry("PASSWORD", List.of("--password", "a b", "a b")),
            Map.entry("VNC", List.of("--vnc", "", "on")));

    /** What the runtime gets in a file, which no variable shows. */
    private static final Map<String, List<String>> SECRETS = Map.of("VNC_PASSWORD", List.of("--vnc-password", "a b"));

    @Test
    void everyVariableHasAnOptionThatSetsItAndNothingElse() throws IOException {
        Map<String, String> plain = variables();
        Set<String> covered = new TreeSet<>(OPTIONS.keySet());
        covered.addAll(SECRETS.keySet());
        assertEquals(names(), covered);
        OPTIONS.forEach((variable, option) -> {
            Map<String, String> expected = new HashMap<>(plain);
            expected.put(variable, option.get(2));
            List<String> words = option.get(1).isEmpty() ? option.subList(0, 1) : option.subList(0, 2);
            assertEquals(new TreeMap<>(expected), new TreeMap<>(variables(words.toArray(String[]::new))), variable);
        });
    }

    @Test
    void aSecretIsInNoVariable() {
        SECRETS.forEach((variable, option) -> {
            VmSpec spec = spec(option.toArray(String[]::new));
            assertFalse(RuntimeVariables.of(spec).toString().contains(option.get(1)), variable);
            assertEquals(Optional.of(new VncPassword(option.get(1))), spec.vnc());
        });
    }

    @Test
    void aMachineIsCalledAndKnowsWhatItIsTold() {
        Naming naming = spec(
                        "--hostname",
                        "web.corp.example",
                        "--dns-search",
                        "a.example",
                        "--dns-search",
                        "b.example",
                        "--add-host",
                        "db:10.1.2.3",
                        "--add-host",
                        "six:fd00::7")
                .naming();
        assertEquals(
                new Naming(
                        Optional.of("web.corp.example"),
                        List.of("a.example", "b.example"),
                        List.of(new Naming.ExtraHost("db", "10.1.2.3"), new Naming.ExtraHost("six", "fd00::7"))),
                naming);
        assertEquals(Naming.USUAL, spec().naming());
    }

    @Test
    void whatIsNoPlaceIsRefused() {
        for (List<String> option : List.of(
                List.of("--hostname", "a b"),
                List.of("--dns-search", "-x"),
                List.of("--add-host", "db"),
                List.of("--timezone", "Europe/Berln"))) {
            InvalidSpecException no =
                    assertThrows(InvalidSpecException.class, () -> spec(option.toArray(String[]::new)));
            assertTrue(no.getMessage().contains("\"" + option.get(1) + "\""), no.getMessage());
        }
    }

    @Test
    void proxiesOfTheCallerAreTheGuestsWhereTheyAreAskedFor() {
        Map<String, String> caller =
                Map.of("http_proxy", "http://u:p@proxy:3128", "NO_PROXY", "corp", "Https_Proxy", "x", "PATH", "/bin");
        assertEquals(Map.of(), specIn(caller).env());
        assertEquals(
                Map.of("PROXY", "yes", "http_proxy", "http://u:p@proxy:3128", "NO_PROXY", "corp"),
                specIn(caller, "--proxy").env());
        assertEquals(
                Map.of("PROXY", "yes", "http_proxy", "http://other:1", "NO_PROXY", "corp"),
                specIn(caller, "--proxy", "--env", "http_proxy=http://other:1").env());
    }

    @Test
    void cloudInitIsToldWhatTheFilesHold(@TempDir Path directory) throws IOException {
        Path userData = Files.writeString(directory.resolve("user-data"), "#cloud-config\n{}\n");
        Path metaData = Files.writeString(directory.resolve("meta-data"), "instance-id: one\n");
        VmSpec spec = spec("--user-data", userData.toString(), "--meta-data", metaData.toString());
        assertEquals(Optional.of("#cloud-config\n{}\n"), spec.userData());
        assertEquals(Optional.of("instance-id: one\n"), spec.metaData());
        assertFalse(spec.userDataShared());
        assertTrue(spec("--shared-user-data", userData.toString()).userDataShared());
        assertThrows(
                InvalidSpecException.class,
                () -> spec("--user-data", userData.toString(), "--shared-user-data", userData.toString()));
    }

    @Test
    void aScriptIsUserDataThatIsShared(@TempDir Path directory) throws IOException {
        Path script = Files.writeString(directory.resolve("setup"), "#!/bin/sh\napt-get install -y git\n");
        VmSpec spec = spec("--run", script.toString());
        assertEquals(Optional.of("#!/bin/sh\napt-get install -y git\n"), spec.userData());
        assertTrue(spec.userDataShared());
        Path other = Files.writeString(directory.resolve("other"), "apt-get install -y git\n");
        assertThrows(InvalidSpecException.class, () -> spec("--run", other.toString()));
        assertThrows(
                InvalidSpecException.class,
                () -> spec("--run", script.toString(), "--shared-user-data", script.toString()));
    }

    private static String digestOf(String file) {
        try {
            return ContainerFile.Content.of(Files.readAllBytes(Path.of(file))).sha256();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digestOfAgent(String jar) {
        try {
            return AgentProgram.ofJenkins(
                            ContainerFile.Content.of(Files.readAllBytes(Path.of(jar))),
                            AgentProgram.ControllerClasses.NONE,
                            AgentJava.found(AgentJava.USUAL),
                            AgentProgram.USUAL_OPTIONS,
                            AgentProgram.USUAL_DIRECTORY)
                    .digest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("runtime/env.sh"))) {
            Matcher matcher = DECLARATION.matcher(line);
            if (matcher.matches()) {
                names.add(matcher.group(1));
            }
        }
        return names;
    }

    private static Map<String, String> variables(String... options) {
        return RuntimeVariables.of(spec(options));
    }

    private static VmSpec spec(String... options) {
        return specIn(Map.of(), options);
    }

    private static VmSpec specIn(Map<String, String> environment, String... options) {
        Surroundings surroundings = new Surroundings(
                environment, InputStream.nullInputStream(), new PrintStream(System.out), new PrintStream(System.err));
        List<String> words = new ArrayList<>(List.of("--name", "one"));
        if (Arrays.asList(options).contains("--name")) {
            words.clear();
        }
        words.addAll(List.of(options));
        words.addAll(words.contains("--image") ? List.of("--user", "debian") : List.of("debian:12"));
        RunCommand command = new RunCommand(surroundings);
        new CommandLine(command, new Commands(surroundings)).parseArgs(words.toArray(String[]::new));
        return command.spec().build();
    }
}
