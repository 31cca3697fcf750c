package io.jenkins.plugins.virtainers.cli.engine;

import io.jenkins.plugins.virtainers.cli.terminal.Programs;
import io.jenkins.plugins.virtainers.cli.terminal.Screen;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.image.ImageSource;
import io.jenkins.plugins.virtainers.engine.io.ConsoleTail;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds the project's own images with {@code images/build} of the source tree. */
public final class BuildFromSource implements ImageSource {
    private final Surroundings surroundings;
    private final DockerEndpoint endpoint;
    private final Map<String, String> variables;
    private final Screen screen;

    /** @param variables that make Docker's own command use the engine */
    BuildFromSource(Surroundings surroundings, DockerEndpoint endpoint, Map<String, String> variables, Screen screen) {
        this.surroundings = surroundings;
        this.endpoint = endpoint;
        this.variables = Map.copyOf(variables);
        this.screen = screen;
    }

    @Override
    public boolean make(ImageRef image, Progress progress) throws InterruptedException {
        Optional<Path> images = surroundings.sourceTree().map(tree -> tree.resolve("images"));
        if (images.isEmpty() || !image.isOwn() || !isKnown(image, images.get())) {
            return false;
        }
        List<String> command =
                new ArrayList<>(List.of(images.get().resolve("build").toString()));
        if (endpoint.toString().contains("podman")) {
            command.addAll(List.of("--engine", "podman"));
        }
        command.add(image.equals(ImageRef.RUNTIME) ? "runtime" : image.toString());
        progress.step("Building " + image + " from packages (once; some minutes)");
        ConsoleTail tail = new ConsoleTail();
        int status = new Programs(surroundings).run(command, variables, line -> {
            String clean = ConsoleTail.clean(line);
            tail.add(clean);
            screen.passOn(clean);
        });
        if (status != 0) {
            throw Failure.IMAGE_BUILD_FAILED.because("Cannot build %s: %s ended with status %d.%s"
                    .formatted(image, String.join(" ", command), status, tail.quoted("It said:")));
        }
        return true;
    }

    @Override
    public List<String> names() {
        return surroundings
                .sourceTree()
                .map(tree -> names(tree.resolve("images")))
                .orElse(List.of());
    }

    private static boolean isKnown(ImageRef image, Path images) {
        return image.equals(ImageRef.RUNTIME) || names(images).contains(image.toString());
    }

    /** What the source tree can build: the first column of its list. */
    public static List<String> names(Path images) {
        Path list = images.resolve("versions.conf");
        if (!Files.isReadable(list)) {
            return List.of();
        }
        try {
            return Files.readAllLines(list).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\\|", 2)[0].strip())
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
