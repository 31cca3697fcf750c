package io.jenkins.plugins.virtainers.engine.failure;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.function.Supplier;

/** What is said to people is a sentence on a line of its own, whatever was read. */
public final class Sentences {
    /** More than this is nothing that anybody reads. */
    private static final int LONGEST = 4096;

    private Sentences() {}

    /** What a reader makes of its input; empty where it was refused with a sentence. Nothing else may be thrown. */
    public static <T> Optional<T> read(Supplier<T> reader) {
        try {
            return Optional.of(reader.get());
        } catch (VirtainerException e) {
            requireLine(e.getMessage());
            return Optional.empty();
        }
    }

    /** A sentence that a terminal and a log show as it is. */
    public static void requireLine(String sentence) {
        assertTrue(!sentence.isBlank(), "nothing is said");
        requireHarmless(sentence);
        assertTrue(sentence.length() <= LONGEST, () -> sentence.length() + " characters");
    }

    /** Text without control characters and line breaks. */
    public static void requireHarmless(String text) {
        assertTrue(
                text.chars().noneMatch(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029'),
                () -> "control characters in: " + text);
    }
}
