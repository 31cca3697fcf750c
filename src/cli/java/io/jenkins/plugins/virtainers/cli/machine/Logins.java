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
import java.util.ArrayList;
import java.util.List;

/** Logging in to machines that run. */
final class Logins {
    private Logins() {}

    /** How people log in to a machine by themselves. */
    static List<String> command(Session session, VmState.Ready ready) {
        StateDirectory state = session.state();
        Vm vm = ready.vm();
        List<String> command = new ArrayList<>(List.of(
                "ssh",
                "-i",
                state.keyFile(vm.name()).toString(),
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "UserKnownHostsFile=" + state.knownHostsFile(vm.name()),
                "-o",
                "StrictHostKeyChecking=yes"));
        if (ready.ssh().address().isEmpty()) {
            // Signs with a meaning to ssh are doubled.
            String tunnel = ShellWords.join(session.command("tunnel", vm.name().value()))
                    .replace("%", "%%");
            command.addAll(List.of("-o", "ProxyCommand=" + tunnel));
        }
        Endpoint endpoint = ready.ssh().endpoint();
        command.addAll(List.of("-p", endpoint.port().toString(), vm.user() + "@" + endpoint.host()));
        return command;
    }

    /** Says where a machine is. */
    static void print(Surroundings surroundings, Session session, VmState.Ready ready) {
        surroundings.output().println("name     " + ready.vm().name());
        surroundings.output().println("address  " + ready.ssh());
        surroundings.output().println("ssh      " + ShellWords.join(command(session, ready)));
    }

    static GuestConnection to(Session session, Vm vm, SshKeyPair key) throws InterruptedException {
        return session.engine().connect(new VmState.Ready(vm, session.engine().reachable(vm)), key, ExecCommand.LOGIN);
    }
}
