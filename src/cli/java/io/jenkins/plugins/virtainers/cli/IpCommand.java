package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.engine.Container;
import io.jenkins.plugins.virtainers.engine.Failure;
import io.jenkins.plugins.virtainers.engine.VmName;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a machine is, for other programs. */
@Command(
        name = "ip",
        description = "Print the address of a running machine on its container network.",
        footer = {"", "Example:", "  ping $(virtainer ip web)"})
final class IpCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Option(
            names = {"-a", "--all"},
            description = "Its addresses on all of its networks, a line each.")
    private boolean all;

    @Parameters(index = "0", paramLabel = "NAME", description = "The machine.")
    private String name;

    IpCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        VmName machine = new VmName(name);
        try (Session session = Session.open(surroundings, common)) {
            session.running(machine);
            Container container = session.container(machine);
            List<String> addresses = container.addresses();
            session.screen().done();
            if (addresses.isEmpty()) {
                throw Failure.CONNECTION_LOST.because("Virtual machine %s on %s is on no container network."
                        .formatted(machine, session.host().address()));
            }
            (all ? addresses : addresses.subList(0, 1)).forEach(surroundings.output()::println);
            return 0;
        }
    }
}
