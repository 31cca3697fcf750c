package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.cli.terminal.TimeSpan;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Boots machines again. */
@Command(
        name = "start",
        description = "Boot virtual machines again that are off, with the disks and keys that they had.",
        footer = {"", "Example:", "  virtainer stop web; virtainer start web"})
public final class StartCommand extends EachMachine {
    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long a guest may take to answer SSH, such as 90s or 10m. Default: 10m.")
    private Optional<String> timeout = Optional.empty();

    public StartCommand(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    Deed deed() {
        Duration patience = timeout.map(TimeSpan::parse).orElse(Power.USUAL_BOOT);
        return (session, name) -> print(session, new Power(session).on(name, patience));
    }
}
