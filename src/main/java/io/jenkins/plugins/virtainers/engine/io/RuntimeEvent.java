package io.jenkins.plugins.virtainers.engine.io;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line in the runtime's own voice (docs/runtime-contract.md, "Output").
 *
 * @param at since the start of the entrypoint
 * @param name such as {@code ready}
 * @param text for people, or data where the contract says so
 */
public record RuntimeEvent(Duration at, String name, String text) {
    private static final Pattern LINE =
            Pattern.compile("virtainers: \\+(\\d{1,9})\\.(\\d{3})s ([a-z-]+):(?: (.*))?", Pattern.DOTALL);

    public RuntimeEvent {
        requireNonNull(at, "at");
        requireNonNull(name, "name");
        requireNonNull(text, "text");
    }

    /** Reads a line of the container's stderr; empty when it is not an event. */
    public static Optional<RuntimeEvent> parse(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Duration at = Duration.ofSeconds(Long.parseLong(matcher.group(1))).plusMillis(Long.parseLong(matcher.group(2)));
        return Optional.of(new RuntimeEvent(
                at, matcher.group(3), Optional.ofNullable(matcher.group(4)).orElse("")));
    }

    /** What it says to people: the text of a failed event is {@code CODE: sentence}. */
    public String sentence() {
        int colon = is("failed") ? text.indexOf(": ") : -1;
        return ConsoleTail.clean(colon < 0 ? text : text.substring(colon + 2));
    }

    public boolean is(String event) {
        return name.equals(event);
    }
}
