package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.cli.bench.BenchCommand;
import io.jenkins.plugins.virtainers.cli.engine.DoctorCommand;
import io.jenkins.plugins.virtainers.cli.engine.EngineCommand;
import io.jenkins.plugins.virtainers.cli.engine.GcCommand;
import io.jenkins.plugins.virtainers.cli.image.CommitCommand;
import io.jenkins.plugins.virtainers.cli.image.DiffCommand;
import io.jenkins.plugins.virtainers.cli.image.ImagesCommand;
import io.jenkins.plugins.virtainers.cli.image.TemplatesCommand;
import io.jenkins.plugins.virtainers.cli.image.WarmCommand;
import io.jenkins.plugins.virtainers.cli.jenkins.JenkinsCommand;
import io.jenkins.plugins.virtainers.cli.machine.ConsoleCommand;
import io.jenkins.plugins.virtainers.cli.machine.CpCommand;
import io.jenkins.plugins.virtainers.cli.machine.ExecCommand;
import io.jenkins.plugins.virtainers.cli.machine.IpCommand;
import io.jenkins.plugins.virtainers.cli.machine.LogsCommand;
import io.jenkins.plugins.virtainers.cli.machine.PsCommand;
import io.jenkins.plugins.virtainers.cli.machine.RestartCommand;
import io.jenkins.plugins.virtainers.cli.machine.RmCommand;
import io.jenkins.plugins.virtainers.cli.machine.RunCommand;
import io.jenkins.plugins.virtainers.cli.machine.ScreenCommand;
import io.jenkins.plugins.virtainers.cli.machine.ScreenshotCommand;
import io.jenkins.plugins.virtainers.cli.machine.SshCommand;
import io.jenkins.plugins.virtainers.cli.machine.StartCommand;
import io.jenkins.plugins.virtainers.cli.machine.StopCommand;
import io.jenkins.plugins.virtainers.cli.machine.TunnelCommand;
import io.jenkins.plugins.virtainers.cli.terminal.VersionOfJar;
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
            TunnelCommand.class,
            CpCommand.class,
            PsCommand.class,
            IpCommand.class,
            LogsCommand.class,
            ConsoleCommand.class,
            ScreenCommand.class,
            ScreenshotCommand.class,
            StopCommand.class,
            StartCommand.class,
            RestartCommand.class,
            CommitCommand.class,
            DiffCommand.class,
            RmCommand.class,
            GcCommand.class,
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
