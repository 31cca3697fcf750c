package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** Completion for shells. */
@Command(
        name = "completion",
        description = "Print a completion script for bash and zsh.",
        footer = {"", "Example:", "  source <(virtainer completion)"})
final class CompletionCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    public CompletionCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        surroundings.output().print(AutoComplete.bash("virtainer", CommandLineFace.commandLine(surroundings)));
        return 0;
    }
}
