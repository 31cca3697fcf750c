package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.engine.Endpoint;
import io.jenkins.plugins.virtainers.engine.GuestConnection;
import io.jenkins.plugins.virtainers.engine.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.Vm;
import io.jenkins.plugins.virtainers.engine.VmState;

/** Logging in to machines that run. */
final class Logins {
    private Logins() {}

    static GuestConnection to(Session session, Vm vm, SshKeyPair key) throws InterruptedException {
        Endpoint endpoint = session.engine().reachable(vm);
        return session.engine().connect(new VmState.Ready(vm, endpoint), key, ExecCommand.LOGIN);
    }
}
