package io.jenkins.plugins.virtainers.docker;

import com.github.dockerjava.api.command.CreateNetworkCmd;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Network;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerNetwork;
import io.jenkins.plugins.virtainers.engine.host.ContainerNetworks;
import io.jenkins.plugins.virtainers.engine.spec.Subnet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The networks of an engine, what engines say of them, and what this machine's kernel knows of them. */
final class DockerNetworks implements ContainerNetworks {
    /** Docker's words and Podman's, which have no status of their own. */
    private static final Pattern ABOUT_NETWORKS = Pattern.compile("network \\S+ not found|unable to find network"
            + "|pool overlaps|overlaps? with|is already used on the host|already being used|subnet"
            + "|invalid address|address already in use|requested ip|ip address is supported|no available ipv4"
            + "|ipam|netavark|macvlan|ipvlan|parent interface|failed to find link|link not found");

    /** How Docker, its proxy and Podman say that a port of the host cannot be had. */
    private static final Pattern ABOUT_PORTS =
            Pattern.compile("(?:listen (?:tcp|udp)[46]? |bind for )(\\S+:\\d+)(?:: bind:| failed:) ([a-z ]+)");

    private static final String NOT_OF_THIS_HOST = "assign requested address";

    private static final Path ROUTES = Path.of("/proc/net/route");
    private static final int DESTINATION = 1;
    private static final int MASK = 7;

    private final Connection engine;

    DockerNetworks(Connection engine) {
        this.engine = engine;
    }

    @Override
    public List<ContainerNetwork> list() throws InterruptedException {
        return engine
                .ask("list networks", () -> engine.client().listNetworksCmd().exec())
                .stream()
                .map(network -> new ContainerNetwork(
                        network.getName(),
                        Objects.requireNonNullElse(network.getDriver(), "unknown"),
                        subnets(network),
                        routers(network),
                        Boolean.TRUE.equals(network.getEnableIPv6())))
                .toList();
    }

    private static Stream<Network.Ipam.Config> addresses(Network network) {
        return Optional.ofNullable(network.getIpam()).map(Network.Ipam::getConfig).orElse(List.of()).stream();
    }

    private static List<String> routers(Network network) {
        return addresses(network)
                .map(Network.Ipam.Config::getGateway)
                .filter(Objects::nonNull)
                .toList();
    }

    private static List<Subnet> subnets(Network network) {
        return addresses(network)
                .map(Network.Ipam.Config::getSubnet)
                .filter(Objects::nonNull)
                .flatMap(subnet -> Subnet.find(subnet).stream())
                .toList();
    }

    @Override
    public void create(String name, Optional<Subnet> subnet) throws InterruptedException {
        String what = "make network %s%s"
                .formatted(name, subnet.map(value -> " of " + value).orElse(""));
        // Podman makes a second one of the same name a fault of its own, in words of its own.
        if (list().stream().anyMatch(network -> network.name().equals(name))) {
            throw nameOfNetworkInUse(what);
        }
        try {
            engine.calls().within(Connection.CALL, what, () -> {
                CreateNetworkCmd creation = engine.client()
                        .createNetworkCmd()
                        .withName(name)
                        .withDriver("bridge")
                        .withCheckDuplicate(true);
                subnet.ifPresent(value -> creation.withIpam(new Network.Ipam()
                        .withConfig(List.of(new Network.Ipam.Config().withSubnet(value.toString())))));
                return creation.exec();
            });
        } catch (DockerException e) {
            if (EngineAnswer.of(e).contains("already exists")) {
                throw nameOfNetworkInUse(what);
            }
            throw blamed(what, engine.endpoint(), e)
                    .orElseGet(() -> engine.calls().refused(what, e));
        }
    }

    private VirtainerException nameOfNetworkInUse(String what) {
        return Failure.NAME_IN_USE.because("Cannot %s on %s: a network of that name exists. Choose another name."
                .formatted(what, engine.endpoint()));
    }

    @Override
    public void remove(String name) throws InterruptedException {
        engine.find("remove network " + name, () -> {
            engine.client().removeNetworkCmd(name).exec();
            return name;
        });
    }

    @Override
    public Optional<List<Subnet>> routes() {
        return engine.endpoint().isLocal() ? routesOfThisMachine() : Optional.empty();
    }

    /** Whether an engine's answer is about the networks of a request. */
    /** An engine's answer as a sentence, if networks or ports are what it is about. */
    static Optional<VirtainerException> blamed(String what, DockerEndpoint endpoint, DockerException answer) {
        String words = EngineAnswer.of(answer).toLowerCase(Locale.ROOT);
        Matcher port = ABOUT_PORTS.matcher(words);
        if (port.find()) {
            return Optional.of(Failure.PORT_IN_USE.because(
                    "Cannot %s on %s: port %s of that host cannot be had (%s). %s"
                            .formatted(
                                    what,
                                    endpoint,
                                    port.group(1),
                                    port.group(2).strip(),
                                    port.group(2).contains(NOT_OF_THIS_HOST)
                                            ? "Publish on an address that it has."
                                            : "Publish on another, or leave it to the engine."),
                    answer));
        }
        return ABOUT_NETWORKS.matcher(words).find() ? Optional.of(refused(what, endpoint, answer)) : Optional.empty();
    }

    private static VirtainerException refused(String what, DockerEndpoint endpoint, DockerException answer) {
        return Failure.NETWORK.because(
                "Cannot %s on %s: the engine says \"%s\". Look at its networks: docker network ls"
                        .formatted(what, endpoint, EngineAnswer.of(answer)),
                answer);
    }

    /** What this machine reaches, but for the way into the world. */
    private static Optional<List<Subnet>> routesOfThisMachine() {
        List<Subnet> routes = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(ROUTES)) {
                String[] words = line.split("\\s+", -1);
                if (words.length > MASK && words[MASK].matches("[0-9A-F]{8}")) {
                    int length = Long.bitCount(Long.parseLong(words[MASK], 16));
                    routes.add(new Subnet(fromNetwork(words[DESTINATION]), length));
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        routes.removeIf(route -> route.length() == 0);
        return Optional.of(routes);
    }

    /** The kernel writes addresses as numbers of this machine's byte order. */
    private static long fromNetwork(String hexadecimal) {
        int number = (int) Long.parseLong(hexadecimal, 16);
        boolean little = java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.LITTLE_ENDIAN;
        return Integer.toUnsignedLong(little ? Integer.reverseBytes(number) : number);
    }
}
