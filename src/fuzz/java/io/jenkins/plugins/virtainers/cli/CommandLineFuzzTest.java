package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.jenkins.plugins.virtainers.cli.machine.RunCommand;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.Sentences;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Any words end with a status of the list and a sentence, never with a fault of ours. */
class CommandLineFuzzTest {
    private static final Set<Integer> STATUSES =
            Arrays.stream(Failure.values()).map(Failure::exitStatus).collect(Collectors.toSet());

    /** All that a command does before it asks an engine. */
    private static int understand(CommandLine.ParseResult parsed) {
        Integer help = CommandLine.executeHelpRequest(parsed);
        if (help != null) {
            return help;
        }
        CommandLine.ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        if (last.commandSpec().userObject() instanceof RunCommand run) {
            try {
                assertFalse(run.spec().build().image().reference().isEmpty());
            } catch (RuntimeException e) {
                throw new CommandLine.ExecutionException(last.commandSpec().commandLine(), "run", e);
            }
        }
        return 0;
    }

    @ValueSource(
            strings = {
                "run\n--name\nweb\n--memory\n2G\n-p\n80\ndebian:12",
                "run\n--cpus\n1\n--disk\n20G\n--user\nfedora\n--image\nhttps://example.org/a.qcow2",
                "run\n-e\nA=b\n--env\n=\n--lease\n1h\n--vnc-password\nx\n--timeout\n9h\n--join\nn=10.0.0.1\n--network\nnat",
                "run\n--user\na\n--image\n/\0",
                "exec\nweb\nls\n-l",
                "cp\n-r\na\nweb:b",
                "ps\n--json",
                "images\n--help",
                "launch\nx",
                "run\n-v\n/a:/b",
                "templates\nrm\nx",
                "help\nrun",
                "tunnel\n8080:web:80",
                "--verbose\n\n\u001b[2J"
            })
    @FuzzTest
    void words(@NotNull String lines) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Surroundings surroundings = new Surroundings(
                Map.of("HOME", "/nonexistent"),
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        String[] words = lines.split("\n", -1);
        int status = new CommandLineFace(surroundings)
                .ready()
                .setExecutionStrategy(CommandLineFuzzTest::understand)
                .execute(words);
        String said = err.toString(StandardCharsets.UTF_8);
        assertTrue(status == 0 || STATUSES.contains(status), () -> status + ": " + said);
        assertEquals(status == 0, said.isEmpty(), said);
        said.lines().forEach(Sentences::requireLine);
        assertTrue(said.lines().count() <= 2, said);
        if (status != 0) {
            assertTrue(said.startsWith("virtainer: "), said);
        }
    }
}
