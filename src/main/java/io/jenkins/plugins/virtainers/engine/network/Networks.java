package io.jenkins.plugins.virtainers.engine.network;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.FixConfigurationException;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.ContainerNetwork;
import io.jenkins.plugins.virtainers.engine.host.ContainerNetworks;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.spec.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.spec.Subnet;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The networks of a container host that virtual machines join. Who names none gets the project's own, which is made when
 * it is first used, with addresses that nothing else has: neither the host, nor another network, nor what containers
 * inside of a guest get.
 */
public final class Networks {
    /** The project's own network. */
    public static final String OWN = "virtainers";

    /** What guests use themselves: behind nat and user, and for their own Docker and Podman. */
    static final List<Subnet> OF_GUESTS = Stream.of(
                    "10.0.2.0/24", "10.213.0.0/24", "10.214.0.0/16", "172.17.0.0/16", "10.88.0.0/16", "169.254.0.0/16")
            .map(Subnet::parse)
            .toList();

    /** Away from what engines take by themselves; a thousand machines each. */
    private static final List<Subnet> CANDIDATES = Stream.concat(
                    IntStream.rangeClosed(228, 251).mapToObj("10.%d.0.0/22"::formatted),
                    Stream.of("172.28.100.0/22", "192.168.228.0/22"))
            .map(Subnet::parse)
            .toList();

    private static final int USUAL_LENGTH = 24;

    private final ContainerHost host;

    public Networks(ContainerHost host) {
        this.host = host;
    }

    /** What a container of this spec joins; nothing on a host that leaves no choice. */
    public List<NetworkJoin> of(VmSpec spec) {
        if (host.networks().isEmpty()) {
            return List.of();
        }
        return spec.joins().isEmpty() ? List.of(NetworkJoin.of(OWN)) : spec.joins();
    }

    /**
     * Makes sure that the host has networks for a spec that names some.
     *
     * @throws VirtainerException {@link Failure#UNSUPPORTED}
     */
    public void requireChoice(VmSpec spec) {
        if (!spec.joins().isEmpty() && host.networks().isEmpty()) {
            throw host.unable("join network " + spec.joins().get(0).network(), "networks to choose from");
        }
    }

    /**
     * Makes sure that a machine can join what it shall, before anything is made of it.
     *
     * @return what it joins, but for what was made for it
     * @throws VirtainerException {@link Failure#NETWORK} when there is no such network, or it does not have the address;
     *     {@link Failure#UNSUPPORTED} as {@link #requireChoice} throws it
     */
    public List<ContainerNetwork> ensure(VmSpec spec, Progress progress) throws InterruptedException {
        requireChoice(spec);
        Optional<ContainerNetworks> networks = host.networks();
        return networks.isPresent() ? ensure(networks.get(), spec, progress) : List.of();
    }

    private List<ContainerNetwork> ensure(ContainerNetworks networks, VmSpec spec, Progress progress)
            throws InterruptedException {
        List<ContainerNetwork> there = networks.list();
        List<ContainerNetwork> joined = new ArrayList<>();
        for (NetworkJoin join : of(spec)) {
            Optional<ContainerNetwork> network = there.stream()
                    .filter(candidate -> candidate.name().equals(join.network()))
                    .findFirst();
            if (network.isPresent()) {
                requireAddress(join, network.get());
                joined.add(network.get());
            } else if (join.network().equals(OWN)) {
                makeOwn(networks, there, progress);
            } else {
                throw Failure.NETWORK.because("There is no network %s on %s. There are: %s. To make it: %s"
                        .formatted(
                                join.network(),
                                host.address(),
                                there.stream()
                                        .map(ContainerNetwork::name)
                                        .sorted()
                                        .collect(Collectors.joining(", ")),
                                lineThatMakes(join)));
            }
        }
        return joined;
    }

    /** For people: an address can be had only of a network whose subnet was said. */
    private String lineThatMakes(NetworkJoin join) throws InterruptedException {
        String subnet = join.address()
                .map(address -> "--subnet %s "
                        .formatted(new Subnet(Subnet.parse(address).prefix(), USUAL_LENGTH)))
                .orElse("");
        return "%s network create %s%s"
                .formatted(host.info().product().toLowerCase(Locale.ROOT), subnet, join.network());
    }

    /** What a machine of this spec would join, of what is there. */
    public List<ContainerNetwork> joined(VmSpec spec) throws InterruptedException {
        requireChoice(spec);
        List<String> names = of(spec).stream().map(NetworkJoin::network).toList();
        return there().stream()
                .filter(network -> names.contains(network.name()))
                .toList();
    }

    private List<ContainerNetwork> there() throws InterruptedException {
        Optional<ContainerNetworks> networks = host.networks();
        return networks.isPresent() ? networks.get().list() : List.of();
    }

    private void requireAddress(NetworkJoin join, ContainerNetwork network) {
        Optional<Subnet> address = join.address().map(Subnet::parse);
        if (address.isPresent() && network.subnets().stream().noneMatch(subnet -> subnet.overlaps(address.get()))) {
            throw Failure.NETWORK.because("Network %s on %s does not have the address %s: it has %s."
                    .formatted(
                            network.name(),
                            host.address(),
                            join.address().get(),
                            network.subnets().stream().map(Subnet::toString).collect(Collectors.joining(", "))));
        }
        // Podman gives it away.
        if (join.address().filter(network.routers()::contains).isPresent()) {
            throw Failure.NETWORK.because(
                    "Address %s is already in use: network %s on %s has it itself. Choose another."
                            .formatted(join.address().get(), network.name(), host.address()));
        }
    }

    /**
     * The subnet with which {@link #OWN} would be made for a machine of this spec; empty when it is there, or is not
     * joined.
     */
    public Optional<Subnet> toMake(VmSpec spec) throws InterruptedException {
        Optional<ContainerNetworks> networks = host.networks();
        if (networks.isEmpty()) {
            return Optional.empty();
        }
        List<ContainerNetwork> there = networks.get().list();
        boolean wanted = of(spec).stream().anyMatch(join -> join.network().equals(OWN));
        boolean made = there.stream().anyMatch(network -> network.name().equals(OWN));
        return wanted && !made ? free(networks.get(), there).findFirst() : Optional.empty();
    }

    /** Subnets that overlap nothing that is known of. */
    private static Stream<Subnet> free(ContainerNetworks networks, List<ContainerNetwork> there) {
        List<Subnet> taken = new ArrayList<>(OF_GUESTS);
        there.forEach(network -> taken.addAll(network.subnets()));
        networks.routes().ifPresent(taken::addAll);
        return CANDIDATES.stream().filter(candidate -> taken.stream().noneMatch(candidate::overlaps));
    }

    /** Somebody else may make it, or a network with the same addresses, in the same moment. */
    private void makeOwn(ContainerNetworks networks, List<ContainerNetwork> there, Progress progress)
            throws InterruptedException {
        // An engine knows the routes of its host where this machine does not.
        boolean choose = networks.routes().isPresent();
        progress.step("Making network %s on %s".formatted(OWN, host.address()));
        for (Subnet subnet : free(networks, there).toList()) {
            try {
                networks.create(OWN, choose ? Optional.of(subnet) : Optional.empty());
                return;
            } catch (FixConfigurationException e) {
                if (e.failure() == Failure.NAME_IN_USE) {
                    return;
                }
                if (e.failure() != Failure.NETWORK || !choose) {
                    throw e;
                }
            }
        }
        throw Failure.NETWORK.because(
                "Cannot make network %s on %s: every subnet that it could have is in use there. Make it with one that is free: docker network create --subnet SUBNET %s"
                        .formatted(OWN, host.address(), OWN));
    }
}
