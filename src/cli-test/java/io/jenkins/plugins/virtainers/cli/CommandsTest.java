package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands, made as the process makes them. */
class CommandsTest {
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    private int execute(String... arguments) {
        PrintStream stream = new PrintStream(output, true, StandardCharsets.UTF_8);
        return new CommandLineFace(new Surroundings(Map.of(), InputStream.nullInputStream(), stream, stream))
                .execute(arguments);
    }

    @Test
    void everyCommandCanBeMade() {
        assertEquals(0, execute("--help"), output.toString(StandardCharsets.UTF_8));
        String said = output.toString(StandardCharsets.UTF_8);
        assertTrue(said.contains("commit") && said.contains("templates"), said);
    }

    @Test
    void helpShowsFirstWhatMostPeopleNeedAndLastWhatIsThereForCompatibility() {
        assertEquals(0, execute("run", "--help"));
        String help = output.toString(StandardCharsets.UTF_8);
        List<String> shown = Pattern.compile("^ {2}(?:-\\w, | {4})(--[a-z-]+)", Pattern.MULTILINE)
                .matcher(help)
                .results()
                .map(option -> option.group(1))
                .toList();
        assertEquals("--name", shown.get(0), help);
        assertEquals("--os-variant", shown.get(shown.size() - 1), help);
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        List<String> options = CommandLineFace.commandLine(
                        new Surroundings(Map.of(), InputStream.nullInputStream(), nowhere, nowhere))
                .getSubcommands()
                .get("run")
                .getCommandSpec()
                .options()
                .stream()
                .map(CommandLine.Model.OptionSpec::longestName)
                .sorted()
                .toList();
        assertEquals(options, shown.stream().sorted().toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exec", "run", "ssh", "cp", "ps", "logs", "console", "stop", "rm", "images", "doctor", "engine", "bench"
            })
    void everyCommandHasHelpWithAnExample(String command) {
        assertEquals(0, execute(command, "--help"));
        String help = output.toString(StandardCharsets.UTF_8);
        assertTrue(help.contains("Example"), help);
    }

    @ParameterizedTest
    @ValueSource(strings = {"diff export", "diff import", "templates ls", "templates rm", "engine start"})
    void everyCommandOfACommandCanBeMade(String words) {
        assertEquals(0, execute((words + " --help").split(" ")), output.toString(StandardCharsets.UTF_8));
    }
}
