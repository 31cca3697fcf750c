package io.jenkins.plugins.virtainers.engine;

import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Containers that nobody waits for any longer. */
final class Leftovers {
    /** Nobody waits longer than this for the exit status of an ended container. */
    private static final Duration ENDED_IN_USE = Duration.ofMinutes(1);

    private final ContainerHost host;

    Leftovers(ContainerHost host) {
        this.host = host;
    }

    /** Those of the candidates whose lease has lapsed. */
    List<Container> among(List<Container> candidates) throws InterruptedException {
        if (candidates.stream().allMatch(Container::isRunning)) {
            return List.of();
        }
        Instant now = host.info().time();
        return candidates.stream().filter(container -> isLapsed(container, now)).toList();
    }

    /**
     * Removes those of the candidates whose lease has lapsed.
     *
     * @return their names
     */
    List<String> remove(List<Container> candidates) throws InterruptedException {
        List<String> removed = new ArrayList<>();
        for (Container container : among(candidates)) {
            host.remove(container.id());
            removed.add(container.name());
        }
        return removed;
    }

    private static boolean isLapsed(Container container, Instant now) {
        Optional<Duration> lease = container.label(Labels.KEEPER).isPresent()
                ? Optional.of(ENDED_IN_USE)
                : container.label(Labels.LEASE).map(Long::valueOf).map(Duration::ofSeconds);
        if (lease.isEmpty()) {
            return false;
        }
        return switch (container.phase()) {
            case RUNNING, PAUSED -> false;
            case CREATED -> container.created().plus(lease.get()).isBefore(now);
            case ENDED ->
                container.ended().orElse(container.created()).plus(ENDED_IN_USE).isBefore(now);
        };
    }
}
