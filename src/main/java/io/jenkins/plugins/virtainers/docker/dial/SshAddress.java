package io.jenkins.plugins.virtainers.docker.dial;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an engine behind SSH is, as Docker's own command has it: {@code ssh://[user@]host[:port][/path/of/socket]}.
 *
 * @param user to log in as; without one, whoever SSH's own configuration says
 * @param host its name, as SSH's configuration may have it
 * @param port of its SSH server
 * @param socket of the engine on that host; without one, where the engine's command looks for it there
 */
public record SshAddress(Optional<String> user, String host, OptionalInt port, Optional<String> socket) {
    /** The name may be one of SSH's configuration, which allows more than names of hosts do. */
    private static final Pattern FORM = Pattern.compile(
            "ssh://(?:(?<user>(?!-)[^@:/?#\\s]+)@)?(?<host>\\[[0-9A-Fa-f:.%]+]|(?!-)[^@:/?#\\[\\]\\s]+)(?::(?<port>\\d{1,5}))?(?<socket>/[^?#\\s]*)?");

    public SshAddress {
        requireNonNull(user, "user");
        requireNonNull(host, "host");
        requireNonNull(port, "port");
        requireNonNull(socket, "socket");
    }

    /** Reads an address; empty when it is none, or holds what it must not: a password, a query, a fragment. */
    public static Optional<SshAddress> parse(URI uri) {
        Matcher matcher = FORM.matcher(uri.toString());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String port = matcher.group("port");
        int number = port == null ? 22 : Integer.parseInt(port);
        if (number < 1 || number > 65_535) {
            return Optional.empty();
        }
        return Optional.of(new SshAddress(
                Optional.ofNullable(matcher.group("user")),
                matcher.group("host").replaceAll("[\\[\\]]", ""),
                port == null ? OptionalInt.empty() : OptionalInt.of(number),
                Optional.ofNullable(matcher.group("socket")).filter(path -> !path.equals("/"))));
    }

    /** How people tell SSH's command where to go. */
    @Override
    public String toString() {
        return user.map(name -> name + "@").orElse("") + host + (port.isPresent() ? " -p " + port.getAsInt() : "");
    }
}
