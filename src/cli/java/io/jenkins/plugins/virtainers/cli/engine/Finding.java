package io.jenkins.plugins.virtainers.cli.engine;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One thing that was looked at.
 *
 * @param advice what to do about it; empty where nothing is to be done
 */
record Finding(Verdict verdict, String subject, String fact, String advice) {
    /** How bad it is. */
    enum Verdict {
        FINE("ok"),
        SLOW("!"),
        BROKEN("x");

        private final String mark;

        Verdict(String mark) {
            this.mark = mark;
        }
    }

    static Finding fine(String subject, String fact) {
        return new Finding(Verdict.FINE, subject, fact, "");
    }

    static Finding slow(String subject, String fact, String advice) {
        return new Finding(Verdict.SLOW, subject, fact, advice);
    }

    static Finding broken(String subject, String fact, String advice) {
        return new Finding(Verdict.BROKEN, subject, fact, advice);
    }

    void print(PrintStream output) {
        output.println("%-3s %-13s %s".formatted(verdict.mark, subject, fact));
        if (!advice.isEmpty()) {
            output.println(" ".repeat(18) + "→ " + advice);
        }
    }

    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("subject", subject);
        values.put("verdict", verdict.name().toLowerCase(Locale.ROOT));
        values.put("fact", fact);
        values.put("advice", advice);
        return values;
    }
}
