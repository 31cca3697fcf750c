package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--memory   | lots   | Memory \"lots\" is not a size",
                "--cpus     | 0      | Cpus must be between 1 and 255",
                "--cpus     | many   | Cpus \"many\" is not a whole number",
                "--disk     | 10     | Disk \"10\" is not a size",
                "--port     | 0      | Port must be between 1 and 65535",
                "--port     | ssh    | Port \"ssh\" is not a number",
                "--name     | A_b    | Name \"A_b\" is not valid",
                "--timeout  | soon   | soon",
                "--accel    | fast   | Acceleration \"fast\" is none of",
                "--network  | wifi   | Network \"wifi\" is none of",
                "--ssh-key  | /none  | /none",
                "--env      | RAM=1  | Variable RAM has a setting of its own",
                "--nonsense | 1      | --nonsense",
                "--join     | host   | Network \"host\" is not the name of a network",
                "--join     | a=b    | \"b\" is no IPv4 address",
                "--user     | a:b    | User \"a:b\" is not the name of a login",
            })
    void refusesWhatIsMalformedBeforeItDoesAnything(String option, String value, String words) {
        assertSays(words, "exec", option, value, "debian:12", "--", "true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Debian:12", "../x", "a b"})
    void refusesAnImageNameThatIsNone(String image) {
        assertSays("is not an image reference", "exec", image, "--", "true");
    }

    @Test
    void saysWhatIsMissingOnTheCommandLine() {
        assertSays("Say what to boot", "run");
        assertSays("Both --image /a.qcow2 and the image debian:12", "run", "--image", "/a.qcow2", "debian:12");
        assertSays("Say what to run in the machine", "exec", "debian:12");
        assertSays("give its user", "exec", "--image", "LICENSE", "--", "true");
    }

    private static void assertSays(String words, String... arguments) {
        String said = said(arguments);
        assertTrue(said.startsWith("virtainer: ") && said.contains(words), said);
        assertFalse(said.contains("\tat "), said);
    }

    private static String said(String... arguments) {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int status = new CommandLineFace(new Surroundings(
                        // Where nobody listens: all of this is answered before an engine is asked.
                        Map.of("DOCKER_HOST", "unix:///nowhere/docker.sock"),
                        InputStream.nullInputStream(),
                        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                        new PrintStream(errors, true, StandardCharsets.UTF_8)))
                .execute(arguments);
        assertEquals(64, status, () -> errors.toString(StandardCharsets.UTF_8));
        return errors.toString(StandardCharsets.UTF_8);
    }
}
