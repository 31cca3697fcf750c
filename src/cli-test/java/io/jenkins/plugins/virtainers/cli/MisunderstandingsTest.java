package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MisunderstandingsTest {
    @ParameterizedTest
    @CsvSource({
        "list, There is no command \"list\". Did you mean virtainer ps?",
        "destroy, There is no command \"destroy\". Did you mean virtainer rm?",
        "snapshot, There is no command \"snapshot\".",
    })
    void answersACommandOfOtherTools(String command, String sentence) {
        assertTrue(said(command).startsWith("virtainer: " + sentence), said(command));
    }

    @Test
    void answersAMistypedCommandAndOption() {
        assertTrue(said("exce", "debian:12").contains("There is no command \"exce\". Did you mean "), said("exce"));
        String said = said("run", "--memroy", "2G", "debian:12");
        assertTrue(said.contains("virtainer run takes no option \"--memroy\". Did you mean "), said);
        assertTrue(said.contains("--memory"), said);
    }

    @Test
    void answersAVolumeAsDockerHasThem() {
        assertEquals(
                "virtainer: Folders of the host are not mounted into a guest: copy with virtainer cp, or keep its disk"
                        + " with --data. (-v is --verbose here.)",
                said("run", "debian:12", "-v", "/srv:/srv").lines().findFirst().orElse(""));
    }

    private static String said(String... arguments) {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int status = new CommandLineFace(new Surroundings(
                        Map.of(),
                        InputStream.nullInputStream(),
                        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                        new PrintStream(errors, true, StandardCharsets.UTF_8)))
                .execute(arguments);
        assertEquals(64, status);
        return errors.toString(StandardCharsets.UTF_8);
    }
}
