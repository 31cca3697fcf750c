package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.Quotation;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;

/** Reads arguments, runs a command, and turns how it ended into a sentence and a status. */
final class CommandLineFace {
    private static final Logger LOGGER = Logger.getLogger(CommandLineFace.class.getName());

    /** As a shell has it for SIGINT; a process that really got the signal ends with the signal's own. */
    private static final int INTERRUPTED = 130;
    /** A fault of ours. */
    private static final int INTERNAL = 99;

    private final Surroundings surroundings;

    CommandLineFace(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    int execute(String... arguments) {
        return ready().execute(arguments);
    }

    /** The commands and their options, and what is said when they fail. */
    CommandLine ready() {
        PrintWriter errors = new PrintWriter(surroundings.errors(), true, StandardCharsets.UTF_8);
        return commandLine(surroundings)
                .setOut(new PrintWriter(surroundings.output(), true, StandardCharsets.UTF_8))
                .setErr(errors)
                .setParameterExceptionHandler((problem, given) -> {
                    errors.println("virtainer: " + Quotation.line(sentence(problem)));
                    errors.println(
                            "See: " + problem.getCommandLine().getCommandSpec().qualifiedName() + " --help");
                    return Failure.USAGE.exitStatus();
                })
                .setExecutionExceptionHandler((problem, line, parsed) -> report(problem, errors));
    }

    /** The commands and their options. */
    static CommandLine commandLine(Surroundings surroundings) {
        return HelpSections.apply(new CommandLine(new VirtainerCommand(), new Commands(surroundings)))
                .setCaseInsensitiveEnumValuesAllowed(true)
                // A command's own options are the guest's business: exec debian:12 ls -l
                .setUsageHelpAutoWidth(true)
                .setExpandAtFiles(false);
    }

    private static String sentence(CommandLine.ParameterException problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof VirtainerException known) {
                return known.getMessage();
            }
        }
        return problem instanceof CommandLine.UnmatchedArgumentException unmatched
                ? Misunderstandings.sentence(unmatched)
                : problem.getMessage();
    }

    private static int report(Exception problem, PrintWriter errors) {
        LOGGER.log(Level.FINE, "The command failed", problem);
        if (problem instanceof VirtainerException known) {
            errors.println("virtainer: " + known.getMessage());
            return known.failure().exitStatus();
        }
        if (problem instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
            errors.println("virtainer: interrupted.");
            return INTERRUPTED;
        }
        errors.println("virtainer: a fault in virtainer itself: " + problem
                + ". Run it again with VIRTAINERS_DEBUG=1 and report what it says.");
        return INTERNAL;
    }
}
