package io.jenkins.plugins.virtainers.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.jenkins.plugins.virtainers.engine.failure.Sentences;
import org.junit.jupiter.params.provider.ValueSource;

/** A time is one that deadlines can be reckoned with. */
class TimeSpanFuzzTest {
    @ValueSource(strings = {"90s", "10m", "1h", "7", "999999999h"})
    @FuzzTest
    void time(@NotNull String written) {
        Sentences.read(() -> TimeSpan.parse(written)).ifPresent(time -> {
            // As deadlines are reckoned.
            assertTrue(time.toNanos() >= 0);
            Sentences.requireLine(TimeSpan.roughly(time));
        });
    }
}
