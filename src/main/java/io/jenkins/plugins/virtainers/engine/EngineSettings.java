package io.jenkins.plugins.virtainers.engine;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.guest.Reach;
import io.jenkins.plugins.virtainers.engine.image.Catalogue;
import io.jenkins.plugins.virtainers.engine.io.Recollection;
import java.time.Clock;

/**
 * What an engine is told that has an answer for those who say nothing.
 *
 * @param catalogue what names of disk images stand for
 * @param reach which ways to guests are tried
 * @param answers what was found out about the host earlier
 */
public record EngineSettings(Catalogue catalogue, Reach reach, Recollection answers) {
    public EngineSettings {
        requireNonNull(catalogue, "catalogue");
        requireNonNull(reach, "reach");
        requireNonNull(answers, "answers");
    }

    /** What this project knows, every way, and no memory beyond the engine's own life. */
    public static EngineSettings usual(Clock clock) {
        return new EngineSettings(Catalogue.builtIn(), Reach.AUTO, Recollection.inMemory(clock));
    }

    public EngineSettings with(Reach other) {
        return new EngineSettings(catalogue, other, answers);
    }
}
