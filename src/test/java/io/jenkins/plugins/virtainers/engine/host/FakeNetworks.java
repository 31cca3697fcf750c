package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost.Call;
import io.jenkins.plugins.virtainers.engine.spec.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.spec.Subnet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The networks of a fake host. */
final class FakeNetworks implements ContainerNetworks {
    private final FakeFaults faults;
    private final Map<String, ContainerNetwork> networks = new LinkedHashMap<>();
    private Optional<List<Subnet>> routes = Optional.of(List.of());

    FakeNetworks(FakeFaults faults) {
        this.faults = faults;
    }

    void add(ContainerNetwork network) {
        faults.alone(() -> {
            networks.put(network.name(), network);
        });
    }

    void setRoutes(Optional<List<Subnet>> value) {
        faults.alone(() -> {
            routes = value;
        });
    }

    @Override
    public List<ContainerNetwork> list() throws InterruptedException {
        return faults.doing(Call.NETWORKS, () -> List.copyOf(networks.values()));
    }

    @Override
    public void create(String name, Optional<Subnet> subnet) throws InterruptedException {
        faults.doing(Call.CREATE_NETWORK, () -> {
            if (networks.containsKey(name)) {
                throw Failure.NAME_IN_USE.because("Network " + name + " exists.");
            }
            Subnet wanted = subnet.orElse(Subnet.parse("172.18.0.0/16"));
            if (networks.values().stream()
                    .flatMap(network -> network.subnets().stream())
                    .anyMatch(wanted::overlaps)) {
                throw Failure.NETWORK.because("Subnet " + wanted + " of network " + name + " is in use.");
            }
            return networks.put(name, new ContainerNetwork(name, "bridge", List.of(wanted), List.of(), false));
        });
    }

    @Override
    public void remove(String name) {
        faults.alone(() -> {
            networks.remove(name);
        });
    }

    @Override
    public Optional<List<Subnet>> routes() {
        return faults.alone(() -> routes);
    }

    /** Refuses what no container could join. */
    void require(NetworkJoin join) {
        ContainerNetwork network = networks.get(join.network());
        if (network == null
                || join.address().map(Subnet::parse).stream()
                        .anyMatch(address -> network.subnets().stream().noneMatch(address::overlaps))) {
            throw Failure.NETWORK.because("Network " + join.network() + " is not there, or has no such address.");
        }
    }

    /** Where a container is that joined some; on the host's own where it named none. */
    static List<NetworkAddress> addressesOn(List<NetworkJoin> joins) {
        List<NetworkAddress> addresses = new ArrayList<>();
        for (NetworkJoin join : joins.isEmpty() ? List.of(NetworkJoin.of("bridge")) : joins) {
            addresses.add(
                    new NetworkAddress(join.network(), join.address().orElse("192.0.2." + (addresses.size() + 1))));
        }
        return addresses;
    }
}
