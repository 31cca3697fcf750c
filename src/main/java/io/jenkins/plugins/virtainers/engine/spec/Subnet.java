package io.jenkins.plugins.virtainers.engine.spec;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of IPv4 addresses that share a prefix, such as {@code 10.228.0.0/22}.
 *
 * @param prefix the first address, as a number; what is beyond the length is zero
 * @param length bits of the prefix, 0 to 32
 */
public record Subnet(long prefix, int length) {
    private static final int BITS = 32;
    private static final long ALL_ONES = 0xffffffffL;
    private static final Pattern WRITTEN =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?:/(\\d{1,2}))?");

    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f]*:[0-9A-Fa-f:]*:[0-9A-Fa-f.:]*");

    public Subnet {
        if (length < 0 || length > BITS) {
            throw new InvalidSpecException("The length of a subnet must be 0 to 32, was " + length + ".");
        }
        prefix &= mask(length);
    }

    /**
     * Reads {@code 10.228.0.0/22}; an address alone is a range of one.
     *
     * @throws InvalidSpecException when it is neither
     */
    public static Subnet parse(String written) {
        return find(written)
                .orElseThrow(() -> new InvalidSpecException(
                        "\"%s\" is no IPv4 address, nor a subnet such as 10.228.0.0/22.".formatted(written)));
    }

    /** Reads a subnet or an address; empty for one of IPv6 and for anything else. */
    public static Optional<Subnet> find(String written) {
        Matcher matcher = WRITTEN.matcher(written);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long address = 0;
        for (int part = 1; part <= 4; part++) {
            int number = Integer.parseInt(matcher.group(part));
            if (number > 255) {
                return Optional.empty();
            }
            address = (address << 8) | number;
        }
        int length = matcher.group(5) == null ? BITS : Integer.parseInt(matcher.group(5));
        return length > BITS ? Optional.empty() : Optional.of(new Subnet(address, length));
    }

    /** Whether it is written as an address of IPv4 or IPv6. */
    static boolean isAddress(String written) {
        return IPV6.matcher(written).matches()
                ? isIpv6(written)
                : !written.contains("/") && find(written).isPresent();
    }

    /** Nobody is asked: what has a colon is read as an address, or is none. */
    private static boolean isIpv6(String written) {
        try {
            return InetAddress.getByName("[" + written + "]") != null;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Whether an address is in both. */
    public boolean overlaps(Subnet other) {
        long common = mask(Math.min(length, other.length));
        return (prefix & common) == (other.prefix & common);
    }

    private static long mask(int length) {
        return (ALL_ONES << (BITS - length)) & ALL_ONES;
    }

    @Override
    public String toString() {
        return "%d.%d.%d.%d/%d"
                .formatted(prefix >> 24, (prefix >> 16) & 255, (prefix >> 8) & 255, prefix & 255, length);
    }
}
