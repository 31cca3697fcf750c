package io.jenkins.plugins.virtainers.engine.spec;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A network of the container host that a container shall be on.
 *
 * @param network its name
 * @param address that the container shall have there; empty leaves it to the host
 */
public record NetworkJoin(String network, Optional<String> address) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]*");
    /** What engines call a network and is none that a guest could be on alone. */
    private static final Set<String> NO_NETWORKS = Set.of("host", "none");

    public NetworkJoin {
        requireNonNull(network, "network");
        requireNonNull(address, "address");
        if (!NAME.matcher(network).matches() || NO_NETWORKS.contains(network)) {
            throw new InvalidSpecException(
                    "Network \"%s\" is not the name of a network that machines can join, such as virtainers."
                            .formatted(network));
        }
        address.ifPresent(NetworkJoin::requireAddress);
    }

    /** Any address of a network. */
    public static NetworkJoin of(String network) {
        return new NetworkJoin(network, Optional.empty());
    }

    /** Reads {@code NETWORK} or {@code NETWORK=ADDRESS}. */
    public static NetworkJoin parse(String written) {
        int equals = written.indexOf('=');
        return equals < 0
                ? of(written)
                : new NetworkJoin(written.substring(0, equals), Optional.of(written.substring(equals + 1)));
    }

    private static void requireAddress(String address) {
        if (address.contains("/") || Subnet.find(address).isEmpty()) {
            throw new InvalidSpecException("\"%s\" is no IPv4 address, such as 10.228.0.10.".formatted(address));
        }
    }
}
