package io.jenkins.plugins.virtainers.engine.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.spec.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.spec.Subnet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the engine relies on of hosts with networks. */
interface ContainerNetworksContract extends HostUnderTest {
    @Test
    default void makesNetworksWithTheSubnetsTheyWereAskedFor() throws Exception {
        Subnet subnet = freeSubnet();
        networks().create(liars().test(), Optional.of(subnet));
        assertEquals(List.of(subnet), network(liars().test()).orElseThrow().subnets());
        networks().remove(liars().test());
        networks().remove(liars().test());
        assertEquals(Optional.empty(), network(liars().test()));
    }

    @Test
    default void refusesANetworkWhoseNameOrSubnetIsInUse() throws Exception {
        Subnet subnet = freeSubnet();
        networks().create(liars().test(), Optional.of(subnet));
        try {
            assertEquals(
                    Failure.NAME_IN_USE,
                    assertThrows(VirtainerException.class, () -> networks().create(liars().test(), Optional.empty()))
                            .failure());
            Subnet part = new Subnet(subnet.prefix(), subnet.length() + 1);
            VirtainerException overlaps = assertThrows(
                    VirtainerException.class, () -> networks().create(liars().test() + "-2", Optional.of(part)));
            assertEquals(Failure.NETWORK, overlaps.failure());
            assertEquals(Optional.empty(), network(liars().test() + "-2"));
        } finally {
            networks().remove(liars().test());
        }
    }

    @Test
    default void putsAContainerOnSeveralNetworksWithTheAddressesItAskedFor() throws Exception {
        ContainerHost host = host();
        Subnet one = freeSubnet();
        networks().create(liars().test(), Optional.of(one));
        Subnet two = freeSubnet();
        networks().create(liars().test() + "-2", Optional.of(two));
        try {
            NetworkJoin first = new NetworkJoin(liars().test(), Optional.of(address(one, 10)));
            NetworkJoin second = new NetworkJoin(liars().test() + "-2", Optional.of(address(two, 20)));
            ContainerId container = host.create(liars().joining(first, second));
            liars().keep(container);
            host.start(container);
            assertEquals(
                    Set.of(
                            new NetworkAddress(liars().test(), address(one, 10)),
                            new NetworkAddress(liars().test() + "-2", address(two, 20))),
                    Set.copyOf(liars().inspect(container).networks()));
            host.remove(container);
        } finally {
            networks().remove(liars().test());
            networks().remove(liars().test() + "-2");
        }
    }

    @Test
    default void refusesANetworkThatIsNotThereAndAnAddressThatItDoesNotHave() throws Exception {
        Subnet subnet = freeSubnet();
        networks().create(liars().test(), Optional.of(subnet));
        try {
            refuses(new NetworkJoin(liars().test(), Optional.of("203.0.113.7")));
            refuses(NetworkJoin.of(liars().test()), NetworkJoin.of("virtainer-no-such-network"));
            refuses(NetworkJoin.of("virtainer-no-such-network"));
        } finally {
            networks().remove(liars().test());
        }
    }

    /** Engines find out when they create a container, or when they start it. */
    private void refuses(NetworkJoin... joins) throws Exception {
        ContainerHost host = host();
        VirtainerException e = assertThrows(VirtainerException.class, () -> {
            ContainerId container = host.create(liars().joining(joins));
            liars().keep(container);
            host.start(container);
        });
        assertEquals(Failure.NETWORK, e.failure(), e.getMessage());
        liars().removeAll();
        assertEquals(List.of(), host.list(Map.of("test", liars().test())));
    }

    private ContainerNetworks networks() throws Exception {
        return host().networks().orElseThrow();
    }

    private Optional<ContainerNetwork> network(String name) throws Exception {
        return networks().list().stream()
                .filter(network -> network.name().equals(name))
                .findFirst();
    }

    /** One that no network of the host has, of those that nobody takes by himself. */
    private Subnet freeSubnet() throws Exception {
        List<ContainerNetwork> there = networks().list();
        for (int number = 0; number < 256; number++) {
            Subnet candidate = Subnet.parse("10.253.%d.0/24".formatted(number));
            if (there.stream().flatMap(network -> network.subnets().stream()).noneMatch(candidate::overlaps)) {
                return candidate;
            }
        }
        throw new IllegalStateException("no subnet is free");
    }

    private static String address(Subnet subnet, int host) {
        return new Subnet(subnet.prefix() + host, 32).toString().replace("/32", "");
    }
}
