package io.jenkins.plugins.virtainers.engine.host;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An image that a container host holds.
 *
 * @param id the content's digest, as the host names it
 * @param tags references that lead to it
 * @param labels what the image says about itself
 * @param bytes its size on the host
 * @param created when it was built
 */
public record ContainerImage(String id, List<String> tags, Map<String, String> labels, long bytes, Instant created) {
    public ContainerImage {
        requireNonNull(id, "id");
        requireNonNull(created, "created");
        tags = List.copyOf(tags);
        labels = Map.copyOf(labels);
    }

    /** What the image says under a label. */
    public Optional<String> label(String name) {
        return Optional.ofNullable(labels.get(name));
    }
}
