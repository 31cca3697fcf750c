package io.jenkins.plugins.virtainers.engine.host;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.spec.Subnet;
import java.util.List;

/**
 * A network of a container host.
 *
 * @param name that containers join it by
 * @param driver such as {@code bridge} or {@code macvlan}
 * @param subnets of IPv4 that its containers get addresses of
 * @param routers addresses of its own, which no container can have
 * @param ipv6 whether its containers get addresses of IPv6 as well
 */
public record ContainerNetwork(String name, String driver, List<Subnet> subnets, List<String> routers, boolean ipv6) {
    public ContainerNetwork {
        requireNonNull(name, "name");
        requireNonNull(driver, "driver");
        subnets = List.copyOf(subnets);
        routers = List.copyOf(routers);
    }
}
