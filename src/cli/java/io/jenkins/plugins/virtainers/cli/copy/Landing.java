package io.jenkins.plugins.virtainers.cli.copy;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.ShellWords;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is at a destination before anything is copied to it.
 *
 * @param folder whether it is a folder, which copies then go into
 * @param umask of the guest's user there; of no matter here
 */
record Landing(boolean folder, int umask) {
    static Landing of(Place.Here place) {
        return new Landing(Files.isDirectory(place.path()), 0);
    }

    static Landing of(Place.InGuest place, GuestConnection guest) throws InterruptedException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        guest.run(
                ShellWords.join(
                        List.of("sh", "-c", Scripts.LOOK, "sh", place.path().forShell())),
                ExecStreams.output(said, errors));
        List<String> lines = said.toString(StandardCharsets.UTF_8).lines().toList();
        // What a login shell prints at its start comes before it.
        Optional<String> umask = lines.size() < 2 ? Optional.empty() : Optional.of(lines.get(lines.size() - 2));
        if (umask.filter(mask -> mask.matches("[0-7]{1,5}")).isEmpty()) {
            throw Failure.COPY_FAILED.because("Cannot copy to %s: no shell there answers as one does (%s)."
                    .formatted(
                            place,
                            GuestReader.clean(
                                    (said.toString(StandardCharsets.UTF_8) + errors.toString(StandardCharsets.UTF_8))
                                            .strip())));
        }
        return new Landing(lines.get(lines.size() - 1).equals("folder"), Integer.parseInt(umask.get(), 8));
    }

    /** The folder that a path of this machine is in. */
    static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? Path.of("") : parent;
    }
}
