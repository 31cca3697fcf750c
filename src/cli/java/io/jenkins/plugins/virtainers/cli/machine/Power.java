package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.guest.VmState;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.time.Duration;
import java.util.Optional;

/** Switches machines that are kept off and on. */
final class Power {
    static final Duration USUAL_BOOT = Duration.ofMinutes(10);

    private final Session session;

    Power(Session session) {
        this.session = session;
    }

    /** Powers a machine off, and says so where its guest was not given the time that it took. */
    void off(VmName name, Optional<Duration> grace) throws InterruptedException {
        Container container = session.container(name);
        session.screen().step("Powering off " + name);
        session.engine().stop(container.id(), grace).ifPresent(session.screen()::warn);
    }

    /** Boots a machine that is off; one that runs is left as it is. */
    VmState.Ready on(VmName name, Duration timeout) throws InterruptedException {
        Container container = session.container(name);
        Vm vm = session.machine(container);
        VmState.Ready ready = container.isRunning()
                ? new VmState.Ready(vm, session.engine().reachable(vm))
                : session.engine().start(vm, timeout, session.screen());
        if (session.state().key(name).isPresent()) {
            // Its port may be another than it was.
            session.state().saveHostKey(name, ready.ssh().endpoint(), vm.hostKey());
        }
        return ready;
    }
}
