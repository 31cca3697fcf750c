package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.terminal.LocalTerminal;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A machine's serial console. */
@Command(
        name = "console",
        description = "Connect this terminal to a machine's serial console. Ctrl-] leaves.",
        footer = {"", "Example:", "  virtainer console web"})
public final class ConsoleCommand implements Callable<Integer> {
    private static final List<String> COMMAND = List.of("virsh", "console", "--force", "vm", "--quiet");

    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Parameters(index = "0", paramLabel = "NAME", description = "The machine.")
    private String name;

    public ConsoleCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Session session = Session.open(surroundings, common)) {
            Vm vm = session.running(new VmName(name));
            session.screen().done();
            if (!surroundings.isTerminal(0)) {
                return session.host()
                        .exec(
                                vm.container(),
                                COMMAND,
                                ExecStreams.of(surroundings.input(), surroundings.output(), surroundings.errors()));
            }
            session.screen().say("Connected to the console of " + vm.name() + "; Ctrl-] leaves.");
            try (LocalTerminal terminal = new LocalTerminal(surroundings)) {
                return session.host().exec(vm.container(), COMMAND, terminal.streams());
            }
        }
    }
}
