package io.jenkins.plugins.virtainers.engine.io;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Answers that need not be looked for twice, and may be forgotten at any time. Thread-safe. */
public interface Recollection {
    /** How long an answer is believed. */
    Duration BELIEVED = Duration.ofDays(1);

    /** What was kept for a question, unless longer than {@link #BELIEVED} ago. */
    Optional<String> recall(String question);

    void keep(String question, String answer);

    /** Lasts as long as its object. */
    static Recollection inMemory(Clock clock) {
        record Kept(String answer, Instant since) {}

        Map<String, Kept> answers = new ConcurrentHashMap<>();
        return new Recollection() {
            @Override
            public Optional<String> recall(String question) {
                return Optional.ofNullable(answers.get(question))
                        .filter(kept -> clock.instant().isBefore(kept.since().plus(BELIEVED)))
                        .map(Kept::answer);
            }

            @Override
            public void keep(String question, String answer) {
                answers.put(question, new Kept(answer, clock.instant()));
            }
        };
    }
}
