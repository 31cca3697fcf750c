package io.jenkins.plugins.virtainers.docker;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A container engine of a test's own beside those of this machine: of another release of Debian, on another network, one
 * that may be killed. In namespaces of its own, so that nothing of it is left. Its containers reach nobody outside, and
 * nobody reaches them but through it. Needs root.
 */
public final class OwnEngine implements AutoCloseable {
    private final Path folder;
    private final Process namespaces;

    private OwnEngine(Path folder, Process namespaces) {
        this.folder = folder;
        this.namespaces = namespaces;
    }

    /** Starts this machine's release of Docker, in an existing network namespace. */
    public static OwnEngine dockerIn(String network) throws IOException {
        return start(Path.of("/"), Optional.of(network), OwnEngine::docker);
    }

    /**
     * Does the same as if this machine's /dev/kvm belonged to a group, on a processor that says it could have KVM. It works
     * as far as this machine's does.
     */
    public static OwnEngine dockerWithKvmIn(String network, int group) throws IOException {
        return start(Path.of("/"), Optional.of(network), folder -> {
            run("sh", "-ec", """
                    mkdir '%1$s/dev'
                    mknod '%1$s/dev/kvm' c 10 232
                    chgrp %2$d '%1$s/dev/kvm'
                    chmod 660 '%1$s/dev/kvm'
                    sed 's/^flags.*/& vmx/' /proc/cpuinfo >'%1$s/cpuinfo'
                    """.formatted(folder, group));
            Path runtime = Files.writeString(folder.resolve("runtime"), """
                    #!/bin/sh
                    bundle=
                    for word; do
                      [ "$before" != --bundle ] || bundle=$word
                      before=$word
                    done
                    if [ -n "$bundle" ] && [ -e "$bundle/config.json" ]; then
                      config=$(jq '.mounts += [{destination: "/proc/cpuinfo", type: "bind", source: "%s/cpuinfo", options: ["bind", "ro"]}]' "$bundle/config.json")
                      printf '%%s' "$config" >"$bundle/config.json"
                    fi
                    exec runc "$@"
                    """.formatted(folder));
            Files.setPosixFilePermissions(runtime, PosixFilePermissions.fromString("rwxr-xr-x"));
            return Stream.concat(
                            docker(folder).stream(),
                            Stream.of("--add-runtime", "own=" + runtime, "--default-runtime", "own"))
                    .toList();
        });
    }

    /** Starts this machine's release of Docker. */
    public static OwnEngine docker() throws IOException {
        return start(Path.of("/"), Optional.empty(), OwnEngine::docker);
    }

    /** Starts the Docker of a release of Debian. */
    public static OwnEngine docker(DebianRelease release) throws IOException, InterruptedException {
        return start(release.root(), Optional.empty(), OwnEngine::docker);
    }

    /** Starts the Podman of a release of Debian. */
    public static OwnEngine podman(DebianRelease release) throws IOException, InterruptedException {
        return start(release.root(), Optional.empty(), OwnEngine::podman);
    }

    private interface Words {
        List<String> in(Path folder) throws IOException;
    }

    private static List<String> docker(Path folder) {
        return List.of(
                "dockerd",
                "--host",
                "unix://" + folder.resolve("socket"),
                "--data-root",
                folder.resolve("data").toString(),
                "--exec-root",
                folder.resolve("run").toString(),
                "--pidfile",
                folder.resolve("dockerd.pid").toString(),
                "--cgroup-parent",
                controlGroup(folder));
    }

    private static List<String> podman(Path folder) throws IOException {
        Path configuration = RealHosts.podmanConfiguration(folder);
        return List.of(
                "env",
                "CONTAINERS_CONF=" + configuration,
                "podman",
                // Which runs on any layout of control groups.
                "--runtime",
                "runc",
                "--root",
                folder.resolve("data").toString(),
                "--runroot",
                folder.resolve("run").toString(),
                "system",
                "service",
                "--time=0",
                "unix://" + folder.resolve("socket"));
    }

    private static OwnEngine start(Path root, Optional<String> network, Words words) throws IOException {
        if (!"root".equals(System.getProperty("user.name")) || !Files.isExecutable(Path.of("/usr/bin/unshare"))) {
            throw RealHosts.skip(
                    "THIS IS NOT ROOT, OR HAS NO unshare: THE TESTS ON AN ENGINE OF THEIR OWN WERE SKIPPED");
        }
        // Short, since sockets have names of 107 characters.
        Path folder = Files.createTempDirectory(Path.of("/var/tmp"), "virtainers-engine-");
        List<String> line = new ArrayList<>();
        network.ifPresent(name -> line.addAll(List.of("nsenter", "--net=/run/netns/" + name, "--")));
        line.addAll(List.of("unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"));
        if (network.isEmpty()) {
            line.add("--net");
        }
        line.addAll(List.of("--", "bash", "-c", script(), "own-engine", folder.toString(), root.toString()));
        line.addAll(words.in(folder));
        Process namespaces = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("supervisor").toFile())
                .start();
        OwnEngine engine = new OwnEngine(folder, namespaces);
        try {
            engine.awaitAnswer();
            return engine;
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /** Copies images of another engine into this one. */
    public void copy(DockerEndpoint from, String... images) throws IOException {
        run(
                "sh",
                "-ec",
                "docker -H '%s' save %s | docker -H '%s' load"
                        .formatted(
                                from.uri(), String.join(" ", images), endpoint().uri()));
    }

    static void run(String... words) throws IOException {
        Process process = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(String.join(" ", words) + " ended with " + process.exitValue());
        }
    }

    private static String script() throws IOException {
        try (InputStream script = OwnEngine.class.getResourceAsStream("own-engine")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Its socket, which stays through its restarts. */
    public DockerEndpoint endpoint() {
        return DockerEndpoint.ofSocket(folder.resolve("socket"));
    }

    /** Kills its daemon with -9; its supervisor starts it again after half a second. */
    public void kill() throws IOException {
        daemon().destroyForcibly();
    }

    /** The daemon, whose pid is told as its namespace has it. */
    private ProcessHandle daemon() throws IOException {
        String pid = Files.readString(folder.resolve("pid")).strip();
        for (ProcessHandle child : namespaces.descendants().toList()) {
            Path status = Path.of("/proc/" + child.pid() + "/status");
            if (Files.readAllLines(status).stream().anyMatch(line -> line.matches("NSpid:\\s+\\d+\\s+" + pid))) {
                return child;
            }
        }
        throw new IOException("no process " + pid + " among those of " + folder);
    }

    /** Waits until the engine, and not only its socket, is there. */
    public void awaitAnswer() {
        try {
            await("an engine's answer")
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> {
                        try (DockerContainerHost host = new DockerContainerHost(endpoint())) {
                            return !host.info().version().isBlank();
                        }
                    });
        } catch (RuntimeException e) {
            e.addSuppressed(new IOException(said()));
            throw e;
        }
    }

    private String said() {
        StringBuilder said = new StringBuilder();
        for (String file : List.of("supervisor", "log")) {
            try (Stream<String> lines = Files.lines(folder.resolve(file))) {
                lines.forEach(line -> said.append('\n').append(line));
            } catch (IOException e) {
                said.append('\n').append(e);
            }
        }
        return said.substring(Math.max(0, said.length() - 3000));
    }

    private static String controlGroup(Path folder) {
        return "/" + folder.getFileName();
    }

    /** Ends it and all that it started, and removes its files. */
    @Override
    public void close() throws IOException {
        namespaces.destroyForcibly();
        await("the end of an engine").atMost(Duration.ofSeconds(30)).until(() -> !namespaces.isAlive());
        new ProcessBuilder("sh", "-c", """
                find /sys/fs/cgroup -depth -type d -path '*%s*' -exec rmdir {} +
                for turn in 1 2 3 4 5; do rm -rf --one-file-system '%s' && exit; sleep 1; done""".formatted(controlGroup(folder), folder))
                .inheritIO()
                .start()
                .onExit()
                .join();
    }
}
