package io.jenkins.plugins.virtainers.docker;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds engines the way their own clients do. */
public final class DockerEndpoints {
    private final Map<String, String> environment;

    /** @param environment variables of this process */
    public DockerEndpoints(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * The engine to use: DOCKER_HOST (with DOCKER_TLS_VERIFY and DOCKER_CERT_PATH) if it is set, else the first usual
     * socket that somebody listens to, else the first that exists and does not let this user know.
     *
     * @return empty when nothing is set and no socket has a listener
     */
    public Optional<DockerEndpoint> find() {
        return Optional.ofNullable(environment.get("DOCKER_HOST"))
                .filter(address -> !address.isBlank())
                .map(address -> DockerEndpoint.parse(address, tls()))
                .or(() -> socket(DockerEndpoints::listens))
                .or(() -> socket(socket -> Files.exists(socket) && !Files.isWritable(socket)));
    }

    /** Whether somebody listens to a socket, and this user may talk to them. */
    public static boolean listens(Path socket) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private Optional<DockerEndpoint> socket(Predicate<Path> wanted) {
        return usualSockets().stream().filter(wanted).findFirst().map(DockerEndpoint::ofSocket);
    }

    /** An engine named by the user, with TLS as the environment has it. */
    public DockerEndpoint at(String address) {
        return DockerEndpoint.parse(address, tls());
    }

    /** Where the sockets of Docker and Podman are, of the system before the user's own. */
    public List<Path> usualSockets() {
        List<Path> sockets = new ArrayList<>(List.of(
                Path.of("/var/run/docker.sock"), Path.of("/run/docker.sock"), Path.of("/run/podman/podman.sock")));
        Optional.ofNullable(environment.get("XDG_RUNTIME_DIR")).map(Path::of).ifPresent(runtime -> {
            sockets.add(runtime.resolve("docker.sock"));
            sockets.add(runtime.resolve("podman/podman.sock"));
        });
        Optional.ofNullable(environment.get("HOME"))
                .map(Path::of)
                .ifPresent(home -> sockets.add(home.resolve(".docker/run/docker.sock")));
        return List.copyOf(sockets);
    }

    private Optional<DockerEndpoint.Tls> tls() {
        return Optional.ofNullable(environment.get("DOCKER_TLS_VERIFY"))
                .filter(value -> !value.isEmpty() && !value.equals("0"))
                .map(value -> DockerEndpoint.Tls.read(certificates()));
    }

    private Path certificates() {
        return Optional.ofNullable(environment.get("DOCKER_CERT_PATH"))
                .filter(path -> !path.isBlank())
                .map(Path::of)
                .orElseGet(() -> Path.of(environment.getOrDefault("HOME", "/"), ".docker"));
    }
}
