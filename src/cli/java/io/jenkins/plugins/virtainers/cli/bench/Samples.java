package io.jenkins.plugins.virtainers.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measurements of one thing. */
final class Samples {
    private final List<Duration> durations = new ArrayList<>();

    void add(Duration duration) {
        durations.add(duration);
    }

    boolean isEmpty() {
        return durations.isEmpty();
    }

    Duration median() {
        List<Duration> sorted = sorted();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : sorted.get(middle - 1).plus(sorted.get(middle)).dividedBy(2);
    }

    Duration least() {
        return sorted().get(0);
    }

    Duration most() {
        return sorted().get(durations.size() - 1);
    }

    /** For JSON, in seconds. */
    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("median", seconds(median()));
        values.put("min", seconds(least()));
        values.put("max", seconds(most()));
        values.put("all", durations.stream().map(Samples::seconds).toList());
        return values;
    }

    /** For people. */
    static String written(Duration duration) {
        return "%.2f s".formatted(seconds(duration));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private List<Duration> sorted() {
        return durations.stream().sorted().toList();
    }
}
