package io.jenkins.plugins.virtainers.docker;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The engines of this machine. A test that finds none is skipped, and says so in capitals. */
public final class RealHosts {
    private static final Path SYSTEM_PODMAN = Path.of("/run/podman/podman.sock");

    private RealHosts() {}

    /** Docker, as DOCKER_HOST or the usual socket has it. */
    public static DockerEndpoint docker() {
        Optional<DockerEndpoint> found = new DockerEndpoints(System.getenv())
                .find()
                .filter(endpoint -> !endpoint.toString().contains("podman"));
        return found.orElseThrow(() -> skip("NO DOCKER SOCKET ANSWERS: THE TESTS ON A REAL DOCKER WERE SKIPPED"));
    }

    /** Podman's service: the system's if it runs, else one of our own for as long as the tests take. */
    public static Podman podman() throws IOException {
        if (DockerEndpoints.listens(SYSTEM_PODMAN)) {
            return new Podman(DockerEndpoint.ofSocket(SYSTEM_PODMAN), Optional.empty());
        }
        if (!"root".equals(System.getProperty("user.name")) || !Files.isExecutable(Path.of("/usr/bin/podman"))) {
            throw skip("PODMAN IS NOT HERE, OR THIS IS NOT ROOT: THE TESTS ON A REAL PODMAN WERE SKIPPED");
        }
        Path directory = Files.createTempDirectory("virtainers-podman");
        Path socket = directory.resolve("podman.sock");
        ProcessBuilder service =
                new ProcessBuilder("podman", "--runtime", "runc", "system", "service", "--time=0", "unix://" + socket);
        service.environment()
                .put("CONTAINERS_CONF", podmanConfiguration(directory).toString());
        Process process = service.redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        await("podman's socket").atMost(Duration.ofSeconds(30)).until(() -> DockerEndpoints.listens(socket));
        return new Podman(DockerEndpoint.ofSocket(socket), Optional.of(process));
    }

    /**
     * Its default limits are higher than some machines allow even root, so they are put where they surely may be. Which
     * kind of networks it has would depend on what its storage held when it was first started.
     */
    static Path podmanConfiguration(Path directory) throws IOException {
        return Files.writeString(directory.resolve("containers.conf"), """
                [containers]
                default_ulimits = ["nofile=%s", "nproc=4096:4096"]
                [network]
                network_backend = "netavark"
                """.formatted(limit("Max open files")));
    }

    private static String limit(String name) throws IOException {
        String hard = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split("\\s+", -1)[1])
                .findFirst()
                .orElseThrow();
        return hard.equals("unlimited") ? "-1:-1" : hard + ":" + hard;
    }

    /** Leaves a test out, and says so where nobody overlooks it. */
    public static RuntimeException skip(String loudly) {
        System.err.println("*** " + loudly + " ***");
        Assumptions.abort(loudly);
        return new IllegalStateException("aborted");
    }

    /** A Podman that listens. */
    public record Podman(DockerEndpoint endpoint, Optional<Process> service) implements AutoCloseable {
        @Override
        public void close() throws InterruptedException {
            if (service.isPresent()) {
                service.get().destroy();
                service.get().waitFor(10, TimeUnit.SECONDS);
            }
        }
    }
}
