package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.guest.Tunnel;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A way to a guest for other SSH clients. */
@Command(
        name = "tunnel",
        description =
                "Join standard input and output to the SSH server of a machine, through the container engine:"
                        + " for programs such as ssh, scp, rsync and Ansible where no address of it can be reached. There run prints the line that ssh needs.",
        footer = {
            "",
            "Examples:",
            "  ssh -o ProxyCommand='virtainer tunnel web' debian@web",
            "  rsync -e \"ssh -o ProxyCommand='virtainer tunnel web'\" -a site debian@web:"
        })
public final class TunnelCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Parameters(index = "0", paramLabel = "NAME", description = "The machine.")
    private String name;

    public TunnelCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Session session = Session.open(surroundings, common)) {
            Vm vm = session.running(new VmName(name));
            session.screen().done();
            new Tunnel(session.host(), vm).join(surroundings.input(), surroundings.output());
            return 0;
        }
    }
}
