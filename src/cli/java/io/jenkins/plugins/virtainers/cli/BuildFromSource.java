package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.engine.ConsoleTail;
import io.jenkins.plugins.virtainers.engine.Failure;
import io.jenkins.plugins.virtainers.engine.ImageRef;
import io.jenkins.plugins.virtainers.engine.ImageSource;
import io.jenkins.plugins.virtainers.engine.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds the project's own images with {@code images/build} of the source tree. */
final class BuildFromSource implements ImageSource {
    private final Surroundings surroundings;
    private final DockerEndpoint endpoint;
    private final Screen screen;

    BuildFromSource(Surroundings surroundings, DockerEndpoint endpoint, Screen screen) {
        this.surroundings = surroundings;
        this.endpoint = endpoint;
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
        int status = new Programs(surroundings).run(command, Map.of("DOCKER_HOST", endpoint.toString()), line -> {
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

    private static boolean isKnown(ImageRef image, Path images) {
        return image.equals(ImageRef.RUNTIME) || names(images).contains(image.toString());
    }

    /** What the source tree can build: the first column of its list. */
    static List<String> names(Path images) {
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
