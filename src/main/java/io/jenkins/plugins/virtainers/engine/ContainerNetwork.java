package io.jenkins.plugins.virtainers.engine;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A network of a container host.
 *
 * @param name that containers join it by
 * @param driver such as {@code bridge} or {@code macvlan}
 * @param subnets of IPv4 that its containers get addresses of
 */
public record ContainerNetwork(String name, String driver, List<Subnet> subnets) {
    public ContainerNetwork {
        requireNonNull(name, "name");
        requireNonNull(driver, "driver");
        subnets = List.copyOf(subnets);
    }
}
