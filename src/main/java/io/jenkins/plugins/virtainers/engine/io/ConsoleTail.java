package io.jenkins.plugins.virtainers.engine.io;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Remembers the last lines of a guest's console, made harmless: a guest chooses what it prints, and it must not choose
 * what happens on the terminal of whoever reads an error. Safe for use by several threads.
 */
public final class ConsoleTail {
    private static final int LINES = 12;
    private static final int COLUMNS = 160;
    // CSI sequences, OSC strings with either end, other two-character escapes, then every control character left.
    private static final Pattern ESCAPES = Pattern.compile("\u001b\\[[0-?]*[ -/]*[@-~]"
            + "|\u001b\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)?"
            + "|\u001b[ -/]*[0-~]"
            + "|[\\p{Cntrl}\u0080-\u009f]");

    private final Deque<String> lines = new ArrayDeque<>();

    /** The line without escape sequences and control characters. */
    public static String clean(String line) {
        return ESCAPES.matcher(line.replace('\t', ' ')).replaceAll("").stripTrailing();
    }

    /** Takes a line that {@link #clean} has seen. */
    public synchronized void add(String cleanLine) {
        if (cleanLine.isBlank()) {
            return;
        }
        lines.addLast(cleanLine.length() > COLUMNS ? cleanLine.substring(0, COLUMNS) + "…" : cleanLine);
        if (lines.size() > LINES) {
            lines.removeFirst();
        }
    }

    /** A paragraph that quotes the lines, or says that there are none; begins with a line break. */
    public synchronized String quoted() {
        return lines.isEmpty() ? "\nThe guest's console is empty." : quoted("The guest's console ends with:");
    }

    /** A paragraph that quotes the lines under a heading; begins with a line break. */
    public synchronized String quoted(String heading) {
        return lines.stream().collect(Collectors.joining("\n  | ", "\n" + heading + "\n  | ", ""));
    }
}
