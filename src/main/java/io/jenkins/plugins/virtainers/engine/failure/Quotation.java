package io.jenkins.plugins.virtainers.engine.failure;

import java.util.regex.Pattern;

/** What others wrote, in a sentence of ours: it neither acts on a terminal nor begins a line of its own, and has an end. */
public final class Quotation {
    private static final int LONGEST = 1000;
    private static final Pattern BREAKS = Pattern.compile("\\R");
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}\u0080-\u009f\u2028\u2029&&[^\n]]");

    private Quotation() {}

    /** A sentence on one line; the middle of one that nobody would read to its end is left out. */
    public static String line(String sentence) {
        String line = harmless(BREAKS.matcher(sentence).replaceAll(" "));
        return line.length() <= LONGEST
                ? line
                : line.substring(0, LONGEST / 2) + "…" + line.substring(line.length() - LONGEST / 2);
    }

    /** A paragraph, whose lines stay. */
    static String harmless(String paragraph) {
        return CONTROLS.matcher(paragraph).replaceAll("?");
    }
}
