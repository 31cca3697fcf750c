package io.jenkins.plugins.virtainers.engine.host;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.Port;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A container as its host describes it.
 *
 * @param id its identifier
 * @param name its name
 * @param image the reference it was created from
 * @param labels all of them
 * @param phase where it is in its life
 * @param exitStatus of an ended one
 * @param created by the host's clock
 * @param ended by the host's clock, of an ended one
 * @param networks that it is on, of a running one
 * @param published where its ports answer outside of it
 */
public record Container(
        ContainerId id,
        String name,
        String image,
        Map<String, String> labels,
        Phase phase,
        OptionalInt exitStatus,
        Instant created,
        Optional<Instant> ended,
        List<NetworkAddress> networks,
        Map<Port, Endpoint> published) {

    /** Where a container is in its life. */
    public enum Phase {
        CREATED,
        RUNNING,
        /** It has all that it had, and does nothing. */
        PAUSED,
        ENDED
    }

    public Container {
        requireNonNull(id, "id");
        requireNonNull(name, "name");
        requireNonNull(image, "image");
        requireNonNull(phase, "phase");
        requireNonNull(exitStatus, "exitStatus");
        requireNonNull(created, "created");
        requireNonNull(ended, "ended");
        labels = Map.copyOf(labels);
        networks = List.copyOf(networks);
        published = Map.copyOf(published);
    }

    /** Whether it has been started and has not ended; one that is paused runs as well. */
    public boolean isRunning() {
        return phase == Phase.RUNNING || phase == Phase.PAUSED;
    }

    /** Its addresses on all of its networks. */
    public List<String> addresses() {
        return networks.stream().map(NetworkAddress::address).toList();
    }

    public Optional<String> label(String label) {
        return Optional.ofNullable(labels.get(label));
    }
}
