package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.docker.DockerEndpoints;
import io.jenkins.plugins.virtainers.engine.Failure;
import java.util.Optional;

/** Decides which container engine a command uses. */
final class EngineChoice {
    private final Surroundings surroundings;
    private final DockerEndpoints endpoints;

    EngineChoice(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.endpoints = new DockerEndpoints(surroundings.environment());
    }

    /** The engine named by option or environment, else the first that is found. */
    Optional<DockerEndpoint> find(CommonOptions options) {
        return options.host().map(endpoints::at).or(endpoints::find);
    }

    /** That engine, or a sentence. */
    DockerEndpoint existing(CommonOptions options) {
        return find(options)
                .orElseThrow(() -> Failure.ENGINE_UNREACHABLE.because(
                        "No container engine found: DOCKER_HOST is not set, and none of %s answers. Start one: virtainer engine start"
                                .formatted(endpoints.usualSockets())));
    }

    /** That engine, or one of our own starting. */
    DockerEndpoint orStart(CommonOptions options, Screen screen) throws InterruptedException {
        Optional<DockerEndpoint> found = find(options);
        return found.isPresent() ? found.get() : new EngineDaemon(surroundings, screen).start(options.yes());
    }
}
