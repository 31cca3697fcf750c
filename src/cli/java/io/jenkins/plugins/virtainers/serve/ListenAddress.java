package io.jenkins.plugins.virtainers.serve;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.io.WrittenPath;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a server listens: on this machine alone. */
public sealed interface ListenAddress {
    /** A socket that only this user may open. */
    record UnixSocket(Path path) implements ListenAddress {}

    /** A port of the loopback interface; 0 is one that is free. */
    record Loopback(String host, int port) implements ListenAddress {
        static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "::1");
    }

    /**
     * Reads {@code unix:///path}, {@code 127.0.0.1:PORT}, {@code localhost:PORT} or {@code [::1]:PORT}.
     *
     * @throws InvalidSpecException when it is another address
     */
    static ListenAddress parse(String written) {
        if (written.startsWith("unix:///")) {
            return new UnixSocket(WrittenPath.of(written.substring("unix://".length()))
                    .orElseThrow(() ->
                            new InvalidSpecException("Cannot listen on \"%s\": it is no path.".formatted(written))));
        }
        Matcher matcher = Pattern.compile("\\[?([^\\[\\]]+?)]?:([0-9]{1,5})").matcher(written);
        if (!matcher.matches()
                || !Loopback.HOSTS.contains(matcher.group(1))
                || Integer.parseInt(matcher.group(2)) > 65_535) {
            throw new InvalidSpecException(
                    "Cannot listen on \"%s\": it is neither unix:///path nor a port of this machine alone, such as 127.0.0.1:8080."
                            .formatted(written));
        }
        return new Loopback(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }
}
