package io.jenkins.plugins.virtainers.engine.spec;

import static java.util.Objects.requireNonNull;

/** Where a service answers: a host name or address, and a port. */
public record Endpoint(String host, Port port) {
    public Endpoint {
        requireNonNull(host, "host");
        requireNonNull(port, "port");
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
