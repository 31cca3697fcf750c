package io.jenkins.plugins.virtainers.engine.spec;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A port of the guest that is published on the container's host.
 *
 * @param guest where the guest listens, TCP
 * @param host the port of the host; empty leaves it to the engine
 * @param address of the host, IPv4 or IPv6; empty is the one that only this client's side can use
 */
public record PublishedPort(Port guest, Optional<Port> host, Optional<String> address) {
    /** Where a guest's SSH server listens. */
    public static final PublishedPort SSH = of(Port.SSH);

    private static final Pattern BRACKETED = Pattern.compile("\\[([^\\]]*)\\]:(.*)");

    public PublishedPort {
        requireNonNull(guest, "guest");
        requireNonNull(host, "host");
        requireNonNull(address, "address");
        address.ifPresent(PublishedPort::requireAddress);
    }

    /** On any port of the host that is free. */
    public static PublishedPort of(Port guest) {
        return new PublishedPort(guest, Optional.empty(), Optional.empty());
    }

    /**
     * Reads {@code [[ADDRESS:][HOST_PORT]:]GUEST_PORT}, as {@code docker run --publish} has it.
     *
     * @throws InvalidSpecException when it is not of that form
     */
    public static PublishedPort parse(String written) {
        Matcher bracketed = BRACKETED.matcher(written.strip());
        String rest = bracketed.matches() ? bracketed.group(2) : written.strip();
        List<String> parts = new ArrayList<>(List.of(rest.split(":", -1)));
        Optional<String> address = Optional.empty();
        if (bracketed.matches()) {
            address = Optional.of(bracketed.group(1));
        } else if (parts.size() == 3) {
            address = Optional.of(parts.remove(0));
        }
        if (parts.size() > 2 || (address.isPresent() && parts.size() < 2)) {
            throw new InvalidSpecException(
                    "Port \"%s\" is none: write the guest's, as in 80, or the host's before it, as in 8080:80 or 127.0.0.1:8080:80."
                            .formatted(written));
        }
        Optional<Port> host =
                parts.size() == 1 || parts.get(0).isEmpty() ? Optional.empty() : Optional.of(Port.parse(parts.get(0)));
        return new PublishedPort(guest(parts.get(parts.size() - 1), written), host, address);
    }

    private static Port guest(String port, String written) {
        int slash = port.indexOf('/');
        if (slash >= 0 && !port.substring(slash).equals("/tcp")) {
            throw new InvalidSpecException(
                    "Port \"%s\" cannot be published, only those of TCP can. With --network nat the machine's own address has every port of the guest."
                            .formatted(written));
        }
        return Port.parse(slash < 0 ? port : port.substring(0, slash));
    }

    private static void requireAddress(String address) {
        if (!Subnet.isAddress(address)) {
            throw new InvalidSpecException(
                    "\"%s\" is no address of a host, such as 127.0.0.1 or [::1].".formatted(address));
        }
    }

    /** As {@code docker run --publish} takes it. */
    @Override
    public String toString() {
        String port = host.map(value -> value + ":" + guest).orElse(guest.toString());
        return address.map(value ->
                        (value.contains(":") ? "[" + value + "]" : value) + (host.isPresent() ? ":" : "::") + port)
                .orElse(port);
    }
}
