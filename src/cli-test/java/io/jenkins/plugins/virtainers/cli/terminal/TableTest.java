package io.jenkins.plugins.virtainers.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCellAndThreeBlanksApart() {
        assertEquals(
                """
                NAME      IMAGE         PORT
                a         debian:12     22
                longest   fedora:30
                          debian:12 b   2222
                """,
                printed(new Table("NAME", "IMAGE", "PORT")
                        .row("a", "debian:12", "22")
                        .row("longest", "fedora:30", "")
                        .row("", "debian:12 b", "2222")));
    }

    @Test
    void headingsStandAloneOverNothing() {
        assertEquals("NAME   IMAGE\n", printed(new Table("NAME", "IMAGE")));
    }

    @Test
    void longCellsAreNeitherBrokenNorCut() {
        String path = "registry.example/" + "a".repeat(200);
        assertEquals(
                "IMAGE" + " ".repeat(path.length() - 2) + "USER\n" + path + "   me\n",
                printed(new Table("IMAGE", "USER").row(path, "me")));
    }

    private static String printed(Table table) {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        table.print(new PrintStream(written, false, StandardCharsets.UTF_8));
        return written.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
