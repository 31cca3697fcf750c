package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.guest.VmState;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A command that does the same to each of the machines that it names, one after the other. */
abstract class EachMachine implements Callable<Integer> {
    final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "The machines.")
    private List<String> names;

    EachMachine(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** What is done to a machine. */
    interface Deed {
        void to(Session session, VmName name) throws InterruptedException;
    }

    /** What this command does, its options being read. */
    abstract Deed deed();

    /** Says where a machine is that was booted. */
    void print(Session session, VmState.Ready ready) {
        session.screen().done();
        Logins.print(surroundings, session, ready);
    }

    @Override
    public final Integer call() throws InterruptedException {
        Deed deed = deed();
        List<VmName> machines = names.stream().map(VmName::new).toList();
        try (Session session = Session.open(surroundings, common)) {
            for (VmName name : machines) {
                deed.to(session, name);
            }
            return 0;
        }
    }
}
