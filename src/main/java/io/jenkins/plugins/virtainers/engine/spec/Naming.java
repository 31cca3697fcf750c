package io.jenkins.plugins.virtainers.engine.spec;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a machine is called and which names it knows.
 *
 * @param hostname its own name, with its domain or without; empty for that of its container
 * @param searches domains in which it looks for a name that has none
 * @param hosts that it knows without asking
 */
public record Naming(Optional<String> hostname, List<String> searches, List<ExtraHost> hosts) {
    /** The name of its container, and what the container's host has it look for. */
    public static final Naming USUAL = new Naming(Optional.empty(), List.of(), List.of());

    /** What the kernel takes. */
    private static final int LONGEST = 63;

    private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final Pattern NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

    public Naming {
        requireNonNull(hostname, "hostname");
        hostname.ifPresent(Naming::requireHostname);
        searches = List.copyOf(searches);
        searches.forEach(Naming::requireDomain);
        hosts = List.copyOf(hosts);
    }

    static boolean isDomain(String written) {
        return written.length() <= 190
                && NAME.matcher(written.replace('_', 'x')).matches();
    }

    private static void requireHostname(String name) {
        if (name.length() > LONGEST || !NAME.matcher(name).matches()) {
            throw new InvalidSpecException(
                    "Host name \"%s\" is none, such as web or web.corp.example, of at most %d letters, digits, dashes and dots."
                            .formatted(name, LONGEST));
        }
    }

    private static void requireDomain(String domain) {
        if (!isDomain(domain)) {
            throw new InvalidSpecException(
                    "\"%s\" is no domain to look for names in, such as corp.example.".formatted(domain));
        }
    }

    /**
     * A host that a machine knows without asking anybody.
     *
     * @param name of the host
     * @param address of IPv4 or IPv6, or {@value #GATEWAY}
     */
    public record ExtraHost(String name, String address) {
        /** What engines take for the address of their own host. */
        public static final String GATEWAY = "host-gateway";

        public ExtraHost {
            requireNonNull(name, "name");
            requireNonNull(address, "address");
            if (!Naming.isDomain(name)) {
                throw new InvalidSpecException(
                        "\"%s\" is not the name of a host, such as db or db.corp.example.".formatted(name));
            }
            if (!address.equals(GATEWAY) && !Subnet.isAddress(address)) {
                throw new InvalidSpecException(
                        "\"%s\" is not the address of host %s, such as 10.1.2.3.".formatted(address, name));
            }
        }

        /** Reads {@code NAME:ADDRESS}, where the address may have colons too. */
        public static ExtraHost parse(String written) {
            int colon = written.indexOf(':');
            if (colon < 0) {
                throw new InvalidSpecException(
                        "\"%s\" is no host with its address, such as db:10.1.2.3.".formatted(written));
            }
            return new ExtraHost(written.substring(0, colon), written.substring(colon + 1));
        }

        /** As engines read it. */
        @Override
        public String toString() {
            return name + ":" + address;
        }
    }
}
