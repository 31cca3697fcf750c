package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.cli.terminal.TimeSpan;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Powers machines off. */
@Command(
        name = "stop",
        description = "Power off virtual machines; their disks stay until rm, and start boots them again.",
        footer = {"", "Example:", "  virtainer stop --timeout 1m web"})
public final class StopCommand extends EachMachine {
    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description =
                    "How long a guest may take before it is cut off. Default: what it was run with (--stop-timeout).")
    private Optional<String> timeout = Optional.empty();

    public StopCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    Deed deed() {
        Optional<Duration> grace = timeout.map(TimeSpan::parse);
        return (session, name) -> {
            new Power(session).off(name, grace);
            surroundings.output().println(name);
        };
    }
}
