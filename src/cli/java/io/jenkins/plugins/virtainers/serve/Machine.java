package io.jenkins.plugins.virtainers.serve;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.Port;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A virtual machine as JSON has it.
 *
 * @param name of its container
 * @param image as it was asked for
 * @param state how far it is
 * @param container its identifier
 * @param user that keys log in as
 * @param hostKey that its SSH server shows, as OpenSSH writes it
 * @param ssh where it answers SSH
 * @param addresses of its container
 * @param ports of the guest, and where each is published on the engine's host
 * @param created by the engine's clock, ISO 8601
 * @param exitStatus of its container, when that has ended
 * @param failure of one that failed
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record Machine(
        String name,
        String image,
        MachineState state,
        Optional<String> container,
        Optional<String> user,
        Optional<String> hostKey,
        Optional<Address> ssh,
        List<String> addresses,
        Map<Integer, Address> ports,
        Optional<String> created,
        Optional<Integer> exitStatus,
        Optional<Problem> failure) {

    /** Where a machine answers. */
    record Address(String host, int port) {
        static Address of(Endpoint endpoint) {
            return new Address(endpoint.host(), endpoint.port().number());
        }
    }

    private static Map<Integer, Address> ports(Container container) {
        Map<Integer, Address> ports = new TreeMap<>();
        container.published().forEach((port, endpoint) -> ports.put(port.number(), Address.of(endpoint)));
        return ports;
    }

    /** One without a container. */
    static Machine without(String name, String image, MachineState state, Optional<Problem> failure) {
        return new Machine(
                name,
                image,
                state,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                failure);
    }

    /** One that has a container, in the state that the container is in unless it is known better. */
    static Machine of(Container container, Optional<MachineState> known, Optional<Endpoint> reached) {
        Optional<Endpoint> ssh =
                reached.or(() -> Optional.ofNullable(container.published().get(Port.SSH)));
        return new Machine(
                container.name(),
                container.label(Labels.IMAGE).orElse(container.image()),
                container.isRunning() ? known.orElse(MachineState.RUNNING) : MachineState.ENDED,
                Optional.of(container.id().value()),
                container.label(Labels.USER),
                container.label(Labels.HOST_KEY),
                container.isRunning() ? ssh.map(Address::of) : Optional.empty(),
                container.addresses(),
                ports(container),
                Optional.of(container.created().toString()),
                container.exitStatus().isPresent()
                        ? Optional.of(container.exitStatus().getAsInt())
                        : Optional.empty(),
                Optional.empty());
    }
}
