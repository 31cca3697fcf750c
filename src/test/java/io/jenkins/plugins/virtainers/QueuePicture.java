package io.jenkins.plugins.virtainers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A bar for each way to an agent, with a colour for each part of it. */
final class QueuePicture {
    /** The part that is the sum of the others. */
    static final String TOTAL = "in all";

    private static final List<String> COLOURS = List.of(
            "#bbbbbb", "#777777", "#4477aa", "#66ccee", "#228833", "#ccbb44", "#ee6677", "#aa3377", "#ee8866",
            "#44bb99", "#332288", "#ddcc77");
    private static final int WIDTH = 860;
    private static final int LEFT = 10;
    private static final int BAR = 720;
    private static final int ROW = 52;
    private static final int LINE = 18;

    private final String title;
    private final Map<String, Map<String, Long>> rows = new LinkedHashMap<>();

    QueuePicture(String title) {
        this.title = title;
    }

    /** @param millis of each part, the total among them */
    void add(String way, Map<String, Long> millis) {
        rows.put(way, millis);
    }

    void write(Path file) throws IOException {
        List<String> parts = new ArrayList<>();
        rows.values()
                .forEach(row -> row.keySet().stream()
                        .filter(part -> !part.equals(TOTAL) && !parts.contains(part))
                        .forEach(parts::add));
        long longest =
                rows.values().stream().mapToLong(row -> row.get(TOTAL)).max().orElse(1);
        int legend = 50 + rows.size() * ROW;
        StringBuilder svg = new StringBuilder();
        svg.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"13\">%n"
                        .formatted(WIDTH, legend + (parts.size() + 1) / 2 * LINE));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        svg.append("<text x=\"%d\" y=\"22\" font-weight=\"bold\">%s</text>%n".formatted(LEFT, title));
        int y = 34;
        for (Map.Entry<String, Map<String, Long>> row : rows.entrySet()) {
            svg.append("<text x=\"%d\" y=\"%d\">%s</text>%n".formatted(LEFT, y + 14, row.getKey()));
            double x = LEFT;
            for (Map.Entry<String, Long> part : row.getValue().entrySet()) {
                if (!part.getKey().equals(TOTAL)) {
                    double width = Math.max(0, part.getValue()) * (double) BAR / longest;
                    svg.append("<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"20\" fill=\"%s\"/>%n"
                            .formatted(x, y + 20, width, COLOURS.get(parts.indexOf(part.getKey()) % COLOURS.size())));
                    x += width;
                }
            }
            svg.append("<text x=\"%.1f\" y=\"%d\">%.1f s</text>%n"
                    .formatted(x + 6, y + 35, row.getValue().get(TOTAL) / 1000.0));
            y += ROW;
        }
        for (int part = 0; part < parts.size(); part++) {
            int at = LEFT + part % 2 * WIDTH / 2;
            int line = legend + part / 2 * LINE;
            svg.append(
                    "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/><text x=\"%d\" y=\"%d\">%s</text>%n"
                            .formatted(
                                    at, line - 11, COLOURS.get(part % COLOURS.size()), at + 18, line, parts.get(part)));
        }
        svg.append("</svg>\n");
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, svg);
    }
}
