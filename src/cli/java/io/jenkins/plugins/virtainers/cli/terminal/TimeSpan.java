package io.jenkins.plugins.virtainers.cli.terminal;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How people write how long: {@code 90s}, {@code 10m}, {@code 1h}; a bare number is seconds. */
public final class TimeSpan {
    private static final Pattern WRITTEN = Pattern.compile("([0-9]{1,9})(s|m|h)?");

    /** What the runtime can count, in seconds; deadlines can be reckoned with it in nanoseconds. */
    private static final Duration LONGEST = Duration.ofSeconds(999_999_999);

    private TimeSpan() {}

    public static Duration parse(String written) {
        Matcher matcher = WRITTEN.matcher(written.strip());
        if (!matcher.matches()) {
            throw new InvalidSpecException(
                    "Time \"%s\" is not a time: write such as 90s, 10m or 1h.".formatted(written));
        }
        long amount = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        Duration time = switch (unit) {
            case "h" -> Duration.ofHours(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofSeconds(amount);
        };
        if (time.compareTo(LONGEST) > 0) {
            throw new InvalidSpecException(
                    "Time \"%s\" is too long: the longest is %dh.".formatted(written, LONGEST.toHours()));
        }
        return time;
    }

    /** Roughly, for a column: {@code 12 s}, {@code 5 min}, {@code 3 h}, {@code 2 d}. */
    public static String roughly(Duration duration) {
        if (duration.toMinutes() < 2) {
            return Math.max(0, duration.toSeconds()) + " s";
        }
        if (duration.toHours() < 2) {
            return duration.toMinutes() + " min";
        }
        return duration.toDays() < 2 ? duration.toHours() + " h" : duration.toDays() + " d";
    }
}
