package io.jenkins.plugins.virtainers.engine;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnector;
import io.jenkins.plugins.virtainers.engine.guest.Reach;
import io.jenkins.plugins.virtainers.engine.guest.Tunnel;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.guest.Way;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.Port;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the way from this client to a guest: a ladder, on which what costs least comes first and what always works comes
 * last.
 */
final class Ways {
    /** A local container's address answers at once or is not ours to reach. */
    private static final Duration DIRECT_ATTEMPT = Duration.ofSeconds(2);

    /** The server of a guest on a host with other things to do takes seconds to greet. */
    private static final Duration LAST_ATTEMPT = Duration.ofSeconds(30);

    private final ContainerHost host;
    private final GuestConnector connector;
    private final Reach reach;

    Ways(ContainerHost host, GuestConnector connector, Reach reach) {
        this.host = host;
        this.connector = connector;
        this.reach = reach;
    }

    /** The first way on which the guest's SSH server answers. */
    Way to(Vm vm, Progress progress) throws InterruptedException {
        Container container = running(vm);
        List<Way> tried = new ArrayList<>();
        for (Way direct : addresses(container)) {
            if (connector.answers(direct, DIRECT_ATTEMPT)) {
                return direct;
            }
            tried.add(direct);
        }
        Endpoint published = reach.takes(Reach.PORT) && host.leadsToPorts()
                ? container.published().get(Port.SSH)
                : null;
        if (published != null) {
            Way atHost = Way.at(published);
            if (connector.answers(atHost, LAST_ATTEMPT)) {
                return atHost;
            }
            tried.add(atHost);
        }
        if (!reach.takes(Reach.TUNNEL)) {
            throw Failure.CONNECTION_LOST.because(
                    "Cannot reach %s on %s: no SSH server answers this machine at %s, and no other way is to be tried than \"%s\"."
                            .formatted(vm.name(), host.address(), tried, reach.word()));
        }
        if (!tried.isEmpty()) {
            progress.step("Reaching %s through %s, as no SSH server answers this machine at %s"
                    .formatted(vm.name(), host.address(), tried));
        }
        return tunnel(vm, tried);
    }

    private Container running(Vm vm) throws InterruptedException {
        Container container = host.inspect(vm.container().value())
                .orElseThrow(
                        () -> Failure.NO_SUCH_VM.because("Cannot reach %s on %s: its container is gone. Create another."
                                .formatted(vm.name(), host.address())));
        if (!container.isRunning()) {
            throw Failure.CONTAINER_ENDED.because("Cannot reach %s on %s: its container has ended%s. Start another."
                    .formatted(
                            vm.name(),
                            host.address(),
                            container.exitStatus().isPresent()
                                    ? " with status " + container.exitStatus().getAsInt()
                                    : ""));
        }
        if (container.phase() == Container.Phase.PAUSED) {
            throw Failure.CONTAINER_ENDED.because(
                    "Cannot reach %s on %s: its container is paused. Let it go on: docker unpause %s"
                            .formatted(vm.name(), host.address(), container.name()));
        }
        return container;
    }

    /** Where an engine elsewhere has its containers, other machines may be here, unless somebody knows better. */
    private List<Way> addresses(Container container) {
        return reach == Reach.ADDRESS || (reach.takes(Reach.ADDRESS) && host.isLocal())
                ? container.addresses().stream()
                        .map(address -> Way.at(new Endpoint(address, Port.SSH)))
                        .toList()
                : List.of();
    }

    private Way tunnel(Vm vm, List<Way> tried) throws InterruptedException {
        Way tunnel = new Tunnel(host, vm);
        try {
            if (connector.answers(tunnel, LAST_ATTEMPT)) {
                return tunnel;
            }
        } catch (VirtainerException e) {
            throw outOfReach(vm, tried, e.getMessage(), e);
        }
        throw outOfReach(vm, tried, "None greeted there within %d s.".formatted(LAST_ATTEMPT.toSeconds()), null);
    }

    private VirtainerException outOfReach(Vm vm, List<Way> tried, String why, Throwable cause) {
        return Failure.CONNECTION_LOST.because(
                "Cannot reach %s on %s: no SSH server answers this machine%s through the engine: %s"
                        .formatted(
                                vm.name(), host.address(), tried.isEmpty() ? "" : " at " + tried + ", and none", why),
                cause);
    }
}
