package io.jenkins.plugins.virtainers.cli.terminal;

import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.io.Recollection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What earlier runs of the command found out, each answer in a file of its state directory. */
public final class KeptAnswers implements Recollection {
    private static final Logger LOGGER = Logger.getLogger(KeptAnswers.class.getName());

    private final StateDirectory state;

    public KeptAnswers(StateDirectory state) {
        this.state = state;
    }

    @Override
    public Optional<String> recall(String question) {
        Path file = file(question);
        try {
            Instant since = Files.getLastModifiedTime(file).toInstant();
            return Instant.now().isBefore(since.plus(BELIEVED))
                    ? Optional.of(Files.readString(file).strip())
                    : Optional.empty();
        } catch (IOException e) {
            // Nobody has asked yet.
            return Optional.empty();
        }
    }

    @Override
    public void keep(String question, String answer) {
        try {
            state.write(file(question), answer + "\n", "rw-------");
        } catch (VirtainerException e) {
            LOGGER.log(Level.FINE, "Asked again the next time", e);
        }
    }

    private Path file(String question) {
        return state.file("answer." + UUID.nameUUIDFromBytes(question.getBytes(StandardCharsets.UTF_8)));
    }
}
