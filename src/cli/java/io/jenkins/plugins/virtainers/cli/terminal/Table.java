package io.jenkins.plugins.virtainers.cli.terminal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;

/** Rows under headings, aligned. */
public final class Table {
    private static final int GAP = 3;

    private final List<String[]> rows = new ArrayList<>();

    public Table(String... headings) {
        rows.add(headings);
    }

    public Table row(String... cells) {
        rows.add(cells);
        return this;
    }

    public void print(PrintStream output) {
        Column[] columns =
                IntStream.range(0, rows.get(0).length).mapToObj(this::column).toArray(Column[]::new);
        TextTable table = TextTable.forColumns(Help.defaultColorScheme(Help.Ansi.OFF), columns);
        rows.forEach(table::addRowValues);
        output.print(table);
    }

    /** As wide as its widest cell; picocli's grows no column by itself. */
    private Column column(int index) {
        int widest = rows.stream().mapToInt(row -> row[index].length()).max().orElseThrow();
        return new Column(widest + GAP, 0, Column.Overflow.TRUNCATE);
    }
}
