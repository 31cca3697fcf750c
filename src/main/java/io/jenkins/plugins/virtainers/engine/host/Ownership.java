package io.jenkins.plugins.virtainers.engine.host;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whose a virtainer is.
 *
 * @param owner the controller, or the user and machine; the only one who cleans up
 * @param cloud of the owner's
 * @param agent of the cloud's; at most one virtainer has it
 */
public record Ownership(String owner, Optional<String> cloud, Optional<String> agent) {
    public Ownership {
        requireNonNull(owner, "owner");
        requireNonNull(cloud, "cloud");
        requireNonNull(agent, "agent");
        if (owner.isBlank()) {
            throw new IllegalArgumentException("an owner has a name");
        }
    }

    public static Ownership of(String owner) {
        return new Ownership(owner, Optional.empty(), Optional.empty());
    }

    public static Ownership ofAgent(String owner, String cloud, String agent) {
        return new Ownership(owner, Optional.of(cloud), Optional.of(agent));
    }

    /** The labels that say so, on a container or in a search for containers. */
    public Map<String, String> labels() {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put(Labels.OWNER, owner);
        cloud.ifPresent(value -> labels.put(Labels.CLOUD, value));
        agent.ifPresent(value -> labels.put(Labels.AGENT, value));
        return labels;
    }

    /** The same, on a container that is done within a time: when its maker was killed, it is anybody's to remove after that. */
    public Map<String, String> labels(Duration lease) {
        Map<String, String> labels = labels();
        labels.put(Labels.LEASE, Long.toString(lease.toSeconds()));
        return labels;
    }
}
