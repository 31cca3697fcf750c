package io.jenkins.plugins.virtainers.fleet;

import static java.util.Objects.requireNonNull;

import hudson.Extension;
import hudson.ExtensionList;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is left alone for a while: hosts and templates that failed lately, each time longer, and clouds that somebody
 * switched off. Safe for use by several threads.
 */
@Extension
public final class Pauses {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    /** How long failures that lie behind count for those in a row. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final Clock clock;
    private final Map<String, Pause> pauses = new HashMap<>();

    public Pauses() {
        this(Clock.systemUTC());
    }

    public static Pauses get() {
        return ExtensionList.lookupSingleton(Pauses.class);
    }

    Pauses(Clock clock) {
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Why something is left alone, and for how long.
     *
     * @param failures in a row that led to it; 0 when somebody wanted it so
     * @param until when
     * @param reason a sentence for people
     */
    public record Pause(int failures, Instant until, String reason) {}

    /** A host did not do what it was asked to; the next attempt waits. */
    public Pause hostFailed(String uri, String reason) {
        return failed("host " + uri, reason);
    }

    /** A template's machine did not come up, and not for a fault of its host. */
    public Pause templateFailed(String cloud, String template, String reason) {
        return failed("template " + cloud + " " + template, reason);
    }

    /** An agent came up, so its host and its template are fine. */
    public synchronized void succeeded(String uri, String cloud, String template) {
        pauses.remove("host " + uri);
        pauses.remove("template " + cloud + " " + template);
    }

    public Optional<Pause> ofHost(String uri) {
        return current("host " + uri);
    }

    public Optional<Pause> ofTemplate(String cloud, String template) {
        return current("template " + cloud + " " + template);
    }

    public Optional<Pause> ofCloud(String cloud) {
        return current("cloud " + cloud);
    }

    /** Somebody wants no new agents of a cloud for a while. */
    public synchronized void disable(String cloud, Duration duration, String reason) {
        pauses.put("cloud " + cloud, new Pause(0, clock.instant().plus(duration), reason));
    }

    public synchronized void enable(String cloud) {
        pauses.remove("cloud " + cloud);
    }

    /** How long it is until the first of them ends. */
    public synchronized Optional<Duration> nextEnd() {
        Instant now = clock.instant();
        return pauses.values().stream()
                .map(Pause::until)
                .filter(until -> until.isAfter(now))
                .min(Comparator.naturalOrder())
                .map(until -> Duration.between(now, until));
    }

    private synchronized Pause failed(String what, String reason) {
        // Templates of pipelines come and go.
        pauses.values().removeIf(old -> old.until().plus(REMEMBERED).isBefore(clock.instant()));
        int failures =
                1 + Optional.ofNullable(pauses.get(what)).map(Pause::failures).orElse(0);
        Pause pause = new Pause(failures, clock.instant().plus(length(failures)), reason);
        pauses.put(what, pause);
        return pause;
    }

    private synchronized Optional<Pause> current(String what) {
        return Optional.ofNullable(pauses.get(what))
                .filter(pause -> pause.until().isAfter(clock.instant()));
    }

    /** Doubles with each failure in a row. */
    private static Duration length(int failures) {
        Duration doubled = FIRST.multipliedBy(1L << Math.min(failures - 1, 10));
        return doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    }
}
