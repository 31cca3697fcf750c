package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.engine.Container;
import io.jenkins.plugins.virtainers.engine.VmName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Powers machines off. */
@Command(
        name = "stop",
        description = "Power off virtual machines; their disks stay until rm.",
        footer = {"", "Example:", "  virtainer stop --timeout 1m web"})
final class StopCommand implements Callable<Integer> {
    /** What a new machine's runtime is told, and a little for the runtime itself. */
    private static final Duration USUAL = Duration.ofSeconds(130);

    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long the guest may take before it is cut off. Default: 2m.")
    private Optional<String> timeout = Optional.empty();

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "The machines.")
    private List<String> names;

    StopCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        Duration grace = timeout.map(TimeSpan::parse).orElse(USUAL);
        List<VmName> machines = names.stream().map(VmName::new).toList();
        try (Session session = Session.open(surroundings, common)) {
            for (VmName name : machines) {
                Container container = session.container(name);
                session.screen().step("Powering off " + name);
                session.engine().stop(container.id(), grace);
                surroundings.output().println(name);
            }
            return 0;
        }
    }
}
