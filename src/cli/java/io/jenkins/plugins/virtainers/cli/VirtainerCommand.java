package io.jenkins.plugins.virtainers.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command that has all the others. */
@Command(
        name = "virtainer",
        description = "Real virtual machines, one container each.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = VersionOfJar.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Example:",
            "  virtainer exec debian:12 -- cat /etc/os-release",
            "",
            "An error ends a command with a status of its own from 64 to 99; exec and ssh pass on that of the guest's"
                    + " command."
        },
        subcommands = {
            ExecCommand.class,
            RunCommand.class,
            SshCommand.class,
            CpCommand.class,
            PsCommand.class,
            IpCommand.class,
            LogsCommand.class,
            ConsoleCommand.class,
            ScreenshotCommand.class,
            StopCommand.class,
            CommitCommand.class,
            DiffCommand.class,
            RmCommand.class,
            ImagesCommand.class,
            DoctorCommand.class,
            EngineCommand.class,
            WarmCommand.class,
            TemplatesCommand.class,
            BenchCommand.class,
            ServeCommand.class,
            JenkinsCommand.class,
            CompletionCommand.class
        })
final class VirtainerCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "No command was given.");
    }
}
