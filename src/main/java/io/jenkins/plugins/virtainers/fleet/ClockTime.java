package io.jenkins.plugins.virtainers.fleet;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times of today, as this controller's clock shows them. */
public final class ClockTime {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private static final DateTimeFormatter WITH_DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private ClockTime() {}

    /** Of any day. */
    public static String withDate(Instant instant) {
        return WITH_DATE.format(instant.atZone(ZoneId.systemDefault()));
    }

    public static String of(Instant instant) {
        return FORMAT.format(instant.atZone(ZoneId.systemDefault()));
    }
}
