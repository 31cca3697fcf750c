package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.NetworkAddress;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a machine is, for other programs. */
@Command(
        name = "ip",
        description = "Print the address of a running machine on its container network.",
        footer = {"", "Examples:", "  ping $(virtainer ip web)", "  virtainer ip --network virtainers web"})
public final class IpCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Option(
            names = {"-a", "--all"},
            description = "Its addresses on all of its networks, a line each with the network's name.")
    private boolean all;

    @Option(names = "--network", paramLabel = "NETWORK", description = "Its address on that network.")
    private Optional<String> network = Optional.empty();

    @Parameters(index = "0", paramLabel = "NAME", description = "The machine.")
    private String name;

    public IpCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        VmName machine = new VmName(name);
        try (Session session = Session.open(surroundings, common)) {
            session.running(machine);
            Container container = session.container(machine);
            List<NetworkAddress> addresses = container.networks().stream()
                    .filter(address -> network.isEmpty() || network.get().equals(address.network()))
                    .toList();
            session.screen().done();
            if (addresses.isEmpty()) {
                throw Failure.CONNECTION_LOST.because("Virtual machine %s on %s is not on %s."
                        .formatted(
                                machine,
                                session.host().address(),
                                network.map(name -> "network " + name).orElse("any container network")));
            }
            if (all) {
                addresses.forEach(
                        address -> surroundings.output().println(address.address() + " " + address.network()));
            } else {
                surroundings.output().println(addresses.get(0).address());
            }
            return 0;
        }
    }
}
