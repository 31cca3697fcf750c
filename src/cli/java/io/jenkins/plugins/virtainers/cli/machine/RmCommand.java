package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes machines. */
@Command(
        name = "rm",
        description = "Remove virtual machines, running or not, with all that they wrote.",
        footer = {"", "Examples:", "  virtainer rm web", "  virtainer rm --all"})
public final class RmCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Option(
            names = {"-a", "--all"},
            description = "All of this user's.")
    private boolean all;

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "The machines.")
    private List<String> names = List.of();

    public RmCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (all == !names.isEmpty()) {
            throw new io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException(
                    "Name the machines to remove, or say --all for all of this user's.");
        }
        List<VmName> machines = names.stream().map(VmName::new).toList();
        try (Session session = Session.open(surroundings, common)) {
            for (Container container : all ? session.engine().list(session.ownership()) : found(session, machines)) {
                session.screen().step("Removing " + container.name());
                session.engine().remove(container.id());
                session.state().forget(new VmName(container.name()));
                surroundings.output().println(container.name());
            }
            return 0;
        }
    }

    /** All of them, before the first is removed. */
    private static List<Container> found(Session session, List<VmName> machines) throws InterruptedException {
        List<Container> containers = new ArrayList<>();
        for (VmName name : machines) {
            containers.add(session.container(name));
        }
        return containers;
    }
}
