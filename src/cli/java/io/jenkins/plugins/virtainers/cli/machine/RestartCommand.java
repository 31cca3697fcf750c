package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.cli.terminal.TimeSpan;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Powers machines off and boots them again. */
@Command(
        name = "restart",
        description = "Power virtual machines off and boot them again, with the disks and keys that they have.",
        footer = {"", "Example:", "  virtainer restart web"})
public final class RestartCommand extends EachMachine {
    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description =
                    "How long a guest may take before it is cut off. Default: what it was run with (--stop-timeout).")
    private Optional<String> timeout = Optional.empty();

    public RestartCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    Deed deed() {
        Optional<Duration> grace = timeout.map(TimeSpan::parse);
        return (session, name) -> {
            Power power = new Power(session);
            power.off(name, grace);
            print(session, power.on(name, Power.USUAL_BOOT));
        };
    }
}
