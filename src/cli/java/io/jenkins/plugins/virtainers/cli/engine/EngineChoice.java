package io.jenkins.plugins.virtainers.cli.engine;

import io.jenkins.plugins.virtainers.cli.terminal.Screen;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.docker.DockerEndpoints;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import java.util.Map;
import java.util.Optional;

/** Decides which container engine a command uses, as Docker's own command does. */
public final class EngineChoice {
    private final Surroundings surroundings;
    private final DockerEndpoints endpoints;
    private final DockerContexts contexts;

    public EngineChoice(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.endpoints = new DockerEndpoints(surroundings.environment());
        this.contexts = new DockerContexts(surroundings);
    }

    /** The engine named by option, environment or context, else the first that is found. */
    Optional<DockerEndpoint> find(CommonOptions options) {
        return context(options)
                .map(DockerContext::endpoint)
                .or(() -> options.host().map(endpoints::at))
                .or(endpoints::find);
    }

    /** The context that names the engine; empty where something else does. */
    Optional<DockerContext> context(CommonOptions options) {
        if (options.context().isPresent()) {
            if (options.host().isPresent()) {
                throw new InvalidSpecException("Both --host and --context name an engine: give one of them.");
            }
            return named(options.context().get(), "--context");
        }
        if (options.host().isPresent() || surroundings.variable("DOCKER_HOST").isPresent()) {
            return Optional.empty();
        }
        Optional<String> variable = surroundings.variable("DOCKER_CONTEXT");
        return variable.isPresent()
                ? named(variable.get(), "DOCKER_CONTEXT")
                : contexts.current()
                        .flatMap(name -> named(name, contexts.configuration().toString()));
    }

    private Optional<DockerContext> named(String name, String chosenBy) {
        return name.equals(DockerContexts.DEFAULT) ? Optional.empty() : Optional.of(contexts.named(name, chosenBy));
    }

    /** What makes Docker's own command use the same engine. */
    Map<String, String> variables(CommonOptions options, DockerEndpoint endpoint) {
        return context(options)
                .map(DockerContext::variables)
                .orElseGet(() -> Map.of("DOCKER_HOST", endpoint.toString()));
    }

    /** That engine, or a sentence. */
    public DockerEndpoint existing(CommonOptions options) {
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
