package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.terminal.StateDirectory;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.guest.VmState;
import io.jenkins.plugins.virtainers.engine.io.ShellWords;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import java.util.List;

/** Logging in to machines that run. */
final class Logins {
    private Logins() {}

    /** How people log in to a machine by themselves. */
    static List<String> command(StateDirectory state, VmState.Ready ready) {
        Vm vm = ready.vm();
        return List.of(
                "ssh",
                "-i",
                state.keyFile(vm.name()).toString(),
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "UserKnownHostsFile=" + state.knownHostsFile(vm.name()),
                "-o",
                "StrictHostKeyChecking=yes",
                "-p",
                ready.ssh().port().toString(),
                vm.user() + "@" + ready.ssh().host());
    }

    /** Says where a machine is. */
    static void print(Surroundings surroundings, StateDirectory state, VmState.Ready ready) {
        surroundings.output().println("name     " + ready.vm().name());
        surroundings.output().println("address  " + ready.ssh());
        surroundings.output().println("ssh      " + ShellWords.join(command(state, ready)));
    }

    static GuestConnection to(Session session, Vm vm, SshKeyPair key) throws InterruptedException {
        Endpoint endpoint = session.engine().reachable(vm);
        return session.engine().connect(new VmState.Ready(vm, endpoint), key, ExecCommand.LOGIN);
    }
}
