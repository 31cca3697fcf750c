package io.jenkins.plugins.virtainers.engine.guest;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import java.util.Optional;

/** How this client gets to the SSH server of a guest. Printed, it is for people. */
public sealed interface Way permits Way.Address, Tunnel {
    /** What SSH clients call the server, and know its host key by. */
    Endpoint endpoint();

    /** Where the server answers this client without anybody's help; empty when it does so nowhere. */
    default Optional<Endpoint> address() {
        return Optional.empty();
    }

    /** The server answers there. */
    static Way at(Endpoint endpoint) {
        return new Address(endpoint);
    }

    /**
     * Over a network.
     *
     * @param endpoint where the server answers
     */
    record Address(Endpoint endpoint) implements Way {
        public Address {
            requireNonNull(endpoint, "endpoint");
        }

        @Override
        public Optional<Endpoint> address() {
            return Optional.of(endpoint);
        }

        @Override
        public String toString() {
            return endpoint.toString();
        }
    }
}
