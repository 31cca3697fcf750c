package io.jenkins.plugins.virtainers.engine.spec;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How sizes are written: a whole number and a unit, powers of 1024. */
final class ByteSize {
    private static final Pattern WRITTEN =
            Pattern.compile("([0-9]{1,12})\\s*([KMGT])(?:i?B)?", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "KMGT";

    private ByteSize() {}

    /**
     * Reads a size such as {@code 4G}, {@code 512M} or {@code 2GiB}.
     *
     * @param what the name of the setting, for the sentence
     * @throws InvalidSpecException when it is not one
     */
    static long parse(String what, String written) {
        Matcher matcher = WRITTEN.matcher(written.strip());
        if (!matcher.matches()) {
            throw new InvalidSpecException(
                    "%s \"%s\" is not a size: write a whole number and a unit, such as 512M or 4G."
                            .formatted(capitalized(what), written));
        }
        int power = UNITS.indexOf(matcher.group(2).toUpperCase(Locale.ROOT)) + 1;
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << (10 * power));
        } catch (ArithmeticException e) {
            throw new InvalidSpecException(
                    "%s \"%s\" is larger than any machine.".formatted(capitalized(what), written));
        }
    }

    /** The shortest exact spelling: {@code 4G}, {@code 1536M}. */
    static String format(long bytes) {
        for (int power = UNITS.length(); power > 0; power--) {
            long unit = 1L << (10 * power);
            if (bytes >= unit && bytes % unit == 0) {
                return bytes / unit + UNITS.substring(power - 1, power);
            }
        }
        return bytes + "B";
    }

    private static String capitalized(String what) {
        return what.substring(0, 1).toUpperCase(Locale.ROOT) + what.substring(1);
    }
}
