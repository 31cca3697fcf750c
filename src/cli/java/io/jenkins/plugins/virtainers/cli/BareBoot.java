package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.engine.ImageRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A boot of an image's disk by QEMU alone, without container, runtime or engine: what the rest costs is the difference.
 * {@code images/bare-boot IMAGE} of the source tree does it, and prints the seconds to the SSH banner as its last line.
 */
final class BareBoot {
    private final Surroundings surroundings;
    private final Screen screen;

    BareBoot(Surroundings surroundings, Screen screen) {
        this.surroundings = surroundings;
        this.screen = screen;
    }

    /** One boot's time; empty, with a word why, where it cannot be done. */
    Optional<Duration> measure(ImageRef image) throws InterruptedException {
        Optional<Path> script = surroundings
                .sourceTree()
                .map(tree -> tree.resolve("images/bare-boot"))
                .filter(Files::isExecutable);
        if (script.isEmpty()) {
            screen.warn("No bare boot to compare with: images/bare-boot is not here.");
            return Optional.empty();
        }
        List<String> lines = new ArrayList<>();
        int status = new Programs(surroundings)
                .run(List.of(script.get().toString(), image.toString()), Map.of(), lines::add);
        try {
            if (status == 0 && !lines.isEmpty()) {
                double seconds = Double.parseDouble(lines.get(lines.size() - 1).strip());
                return Optional.of(Duration.ofMillis(Math.round(seconds * 1000)));
            }
        } catch (NumberFormatException e) {
            screen.warn("images/bare-boot printed no number of seconds.");
            return Optional.empty();
        }
        screen.warn("images/bare-boot ended with status " + status + ": " + String.join(" ", lines));
        return Optional.empty();
    }
}
