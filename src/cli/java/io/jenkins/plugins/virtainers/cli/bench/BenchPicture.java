package io.jenkins.plugins.virtainers.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured, as bars of one time scale: an SVG picture for a page of documentation. Not for several threads. */
final class BenchPicture {
    private static final int WIDTH = 800;
    private static final int LABELS = 150;
    private static final int TOTALS = 70;
    private static final int ROW = 34;
    private static final int BAR = 20;
    private static final int HEAD = 34;
    /** A letter's width, about; a name that would not fit into its part of a bar is left to the legend. */
    private static final double LETTER = 7;

    private static final List<String> COLOURS = List.of(
            "#4477aa", "#66ccee", "#228833", "#ccbb44", "#ee6677", "#aa3377", "#bbbbbb", "#777777", "#332288",
            "#999933");

    private final Map<String, String> colours = new LinkedHashMap<>();
    private final List<Bar> bars = new ArrayList<>();

    private record Bar(String label, Map<String, Duration> parts) {
        double seconds() {
            return parts.values().stream().mapToDouble(BenchPicture::seconds).sum();
        }
    }

    /** One bar, with its parts in the order of time. */
    void add(String label, Map<String, Duration> parts) {
        bars.add(new Bar(label, parts));
        parts.keySet()
                .forEach(part -> colours.computeIfAbsent(part, any -> COLOURS.get(colours.size() % COLOURS.size())));
    }

    /** Writes all bars, and once more, enlarged, those that take less than a fifth of the longest. */
    void write(Path file) {
        double longest = bars.stream().mapToDouble(Bar::seconds).max().orElse(1);
        List<Bar> small =
                bars.stream().filter(bar -> bar.seconds() < longest / 5).toList();
        StringBuilder svg = new StringBuilder();
        int y = group(svg, 0, "From the request to the login", bars, longest);
        if (!small.isEmpty()) {
            double enlarged = small.stream().mapToDouble(Bar::seconds).max().orElse(1);
            y = group(svg, y, "The short ones, enlarged", small, enlarged);
        }
        y = legend(svg, y);
        String picture = format(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                                + " font-size=\"13\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
                        WIDTH, y)
                + svg + "</svg>\n";
        try {
            Files.writeString(file, picture);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int group(StringBuilder svg, int top, String title, List<Bar> group, double longest) {
        double scale = (WIDTH - LABELS - TOTALS) / longest;
        svg.append(text(10, top + 22, "font-weight=\"bold\"", title));
        int y = top + HEAD;
        for (Bar bar : group) {
            svg.append(text(10, y + 15, "", bar.label()));
            double x = LABELS;
            for (Map.Entry<String, Duration> part : bar.parts().entrySet()) {
                double width = seconds(part.getValue()) * scale;
                svg.append(format(
                        "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n",
                        x, y, width, BAR, colours.get(part.getKey())));
                if (part.getKey().length() * LETTER < width) {
                    svg.append(text(x + 3, y + 15, "fill=\"white\" font-size=\"12\"", part.getKey()));
                }
                x += width;
            }
            svg.append(text(x + 5, y + 15, "", format("%.2f s", bar.seconds())));
            y += ROW;
        }
        return y;
    }

    private int legend(StringBuilder svg, int top) {
        double x = 10;
        for (Map.Entry<String, String> colour : colours.entrySet()) {
            svg.append(format(
                    "<rect x=\"%.1f\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/>\n",
                    x, top + 8, colour.getValue()));
            svg.append(text(x + 16, top + 19, "", colour.getKey()));
            x += 30 + LETTER * colour.getKey().length();
        }
        return top + HEAD;
    }

    private static String text(double x, int y, String attributes, String text) {
        return format("<text x=\"%.1f\" y=\"%d\" %s>%s</text>\n", x, y, attributes, text);
    }

    /** Numbers as SVG has them, whatever the user's language. */
    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
