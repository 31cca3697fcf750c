package io.jenkins.plugins.virtainers.engine.host;

import static java.util.Objects.requireNonNull;

/**
 * Where a container is on one of its networks.
 *
 * @param network its name
 * @param address of the container there
 */
public record NetworkAddress(String network, String address) {
    public NetworkAddress {
        requireNonNull(network, "network");
        requireNonNull(address, "address");
    }
}
