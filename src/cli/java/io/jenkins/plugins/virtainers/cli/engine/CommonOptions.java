package io.jenkins.plugins.virtainers.cli.engine;

import io.jenkins.plugins.virtainers.cli.terminal.Screen;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What every command that talks to a container engine takes. */
public final class CommonOptions {
    @Option(
            names = {"-H", "--host"},
            paramLabel = "ADDRESS",
            description =
                    "Container engine: unix:///path, tcp://host:port or ssh://user@host."
                            + " Default: $DOCKER_HOST, else the Docker context in use, else the first Docker or Podman socket found.")
    private Optional<String> host = Optional.empty();

    @Option(
            names = {"-c", "--context"},
            paramLabel = "NAME",
            description = "Docker context that names the container engine, in place of $DOCKER_HOST."
                    + " Default: $DOCKER_CONTEXT, else what docker context use chose.")
    private Optional<String> context = Optional.empty();

    @Option(
            names = {"-q", "--quiet"},
            description = "Say nothing but errors and warnings.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Say everything, the guest's console included.")
    private boolean verbose;

    @Option(
            names = {"-y", "--yes"},
            description =
                    "Install and start Docker without asking, where no container engine is found. $VIRTAINERS_YES=1"
                            + " does the same.")
    private boolean yes;

    Optional<String> host() {
        return host;
    }

    Optional<String> context() {
        return context;
    }

    /** What another command has to be told so that it asks the same engine, in the same environment. */
    List<String> sameEngine() {
        List<String> words = new ArrayList<>();
        host.ifPresent(value -> words.addAll(List.of("--host", value)));
        context.ifPresent(value -> words.addAll(List.of("--context", value)));
        return words;
    }

    boolean yes() {
        return yes;
    }

    Screen screen(Surroundings surroundings) {
        return new Screen(surroundings.errors(), surroundings.isLively(), quiet, verbose);
    }
}
