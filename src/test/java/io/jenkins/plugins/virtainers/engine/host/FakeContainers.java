package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost.Call;
import io.jenkins.plugins.virtainers.engine.spec.PublishedPort;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The containers of a fake host, by its clock. */
final class FakeContainers implements Containers {
    private final FakeFaults faults;
    private final FakeImages images;
    private final FakeNetworks networks;
    private final FakeVolumes volumes = new FakeVolumes();
    private final Map<ContainerId, FakeContainer> containers = new LinkedHashMap<>();
    private final List<FakeContainer> removed = new ArrayList<>();
    private volatile Instant time = Instant.parse("2026-01-01T00:00:00Z");
    private volatile HostInfo.KvmDevice kvm = HostInfo.KvmDevice.ABSENT;
    private volatile Optional<String> kvmGroup = Optional.empty();
    private volatile Optional<String> probe = Optional.empty();
    private int serial;
    private Optional<Consumer<FakeContainer>> nextEnd = Optional.empty();

    FakeContainers(FakeFaults faults, FakeImages images, FakeNetworks networks) {
        this.faults = faults;
        this.images = images;
        this.networks = networks;
    }

    FakeVolumes volumes() {
        return volumes;
    }

    Instant time() {
        return time;
    }

    void setTime(Instant value) {
        time = value;
    }

    HostInfo.KvmDevice kvm() {
        return kvm;
    }

    void setKvm(HostInfo.KvmDevice device) {
        kvm = device;
    }

    /** There is one, which no client sees, and which opens to this group alone. */
    void hideKvm(String group) {
        kvm = HostInfo.KvmDevice.UNKNOWN;
        kvmGroup = Optional.of(group);
    }

    void setProbe(String answer) {
        probe = Optional.of(answer);
    }

    /** What the runtime's probe says in a container of a host that was told what it has. */
    Optional<String> probe(ContainerRequest request) {
        if (!request.command().equals(List.of("probe")) || (kvm == HostInfo.KvmDevice.ABSENT && probe.isEmpty())) {
            return Optional.empty();
        }
        if (probe.isPresent()) {
            return probe;
        }
        boolean device = request.kvm() && kvmGroup.isPresent();
        boolean opens = device && request.kvmGroup().equals(kvmGroup);
        return Optional.of("{\"kvm\":%s,\"why\":\"%s\",\"group\":%s,\"qemu\":\"10.0\"}"
                .formatted(
                        opens,
                        opens ? "/dev/kvm works" : device ? "/dev/kvm does not open" : "there is no /dev/kvm",
                        device && !opens ? kvmGroup.get() : "null"));
    }

    List<FakeContainer> all() {
        return faults.alone(() -> List.copyOf(containers.values()));
    }

    /** Those that are gone, in order. */
    List<FakeContainer> removed() {
        return faults.alone(() -> List.copyOf(removed));
    }

    private Optional<FakeContainer> taken(ContainerId container) {
        Optional<FakeContainer> taken = Optional.ofNullable(containers.remove(container));
        taken.ifPresent(removed::add);
        return taken;
    }

    /** The container, which must be there. */
    FakeContainer found(ContainerId container) {
        return faults.alone(() -> {
            FakeContainer found = containers.get(container);
            if (found == null) {
                throw Failure.ENGINE_REFUSED.because("No container " + container);
            }
            return found;
        });
    }

    void endNext(Consumer<FakeContainer> end) {
        faults.alone(() -> {
            nextEnd = Optional.of(end);
        });
    }

    Optional<Consumer<FakeContainer>> takeNextEnd() {
        return faults.alone(() -> {
            Optional<Consumer<FakeContainer>> taken = nextEnd;
            nextEnd = Optional.empty();
            return taken;
        });
    }

    void forget(ContainerId container) {
        faults.alone(() -> {
            taken(container);
        });
    }

    @Override
    public ContainerId create(ContainerRequest request) throws InterruptedException {
        return faults.doing(Call.CREATE, () -> {
            request.networks().forEach(networks::require);
            if (containers.values().stream()
                    .anyMatch(other -> other.request().name().equals(request.name()))) {
                throw Failure.NAME_IN_USE.because("Container " + request.name() + " exists.");
            }
            ContainerId id = new ContainerId("%064x".formatted(++serial));
            containers.put(id, new FakeContainer(this, id, request, images.labelsOf(request), lent(id, request)));
            return id;
        });
    }

    private Optional<Volumes.Mount> lent(ContainerId id, ContainerRequest request) {
        if (request.borrows().isPresent()) {
            return found(request.borrows().get()).lent();
        }
        return request.lends().map(folder -> {
            Volumes.Mount copy = new Volumes.Mount("lent by " + id, folder, false);
            images.filesOf(request.image()).values().forEach(file -> volumes.take(List.of(copy), file));
            return copy;
        });
    }

    @Override
    public void start(ContainerId container) throws InterruptedException {
        FakeContainer started = faults.doing(Call.START, () -> {
            FakeContainer found = found(container);
            if (found.request().kvm() && kvm == HostInfo.KvmDevice.UNKNOWN && kvmGroup.isEmpty()) {
                throw Failure.PLATFORM.because("no /dev/kvm");
            }
            requireFreePorts(found);
            return found;
        });
        started.start();
    }

    private void requireFreePorts(FakeContainer starting) {
        for (PublishedPort port : starting.request().published()) {
            boolean taken = port.host().isPresent()
                    && containers.values().stream()
                            .filter(other -> other != starting)
                            .flatMap(other -> other.describe().published().values().stream())
                            .anyMatch(endpoint ->
                                    endpoint.port().equals(port.host().get()));
            if (taken) {
                throw Failure.PORT_IN_USE.because(
                        "Port 127.0.0.1:%s is taken.".formatted(port.host().get()));
            }
        }
    }

    @Override
    public Optional<Container> inspect(String idOrName) throws InterruptedException {
        return faults.doing(
                Call.INSPECT,
                () -> containers.values().stream()
                        .filter(container -> container.id().value().equals(idOrName)
                                || container.request().name().value().equals(idOrName))
                        .findFirst()
                        .map(FakeContainer::describe));
    }

    @Override
    public List<Container> list(Map<String, String> labels) throws InterruptedException {
        return faults.doing(
                Call.LIST,
                () -> containers.values().stream()
                        .map(FakeContainer::describe)
                        .filter(container -> labels.entrySet().stream()
                                .allMatch(label -> container
                                        .label(label.getKey())
                                        .filter(value -> label.getValue().isEmpty() || value.equals(label.getValue()))
                                        .isPresent()))
                        .toList());
    }

    @Override
    public CompletableFuture<Integer> exitStatus(ContainerId container) {
        return found(container).exit();
    }

    @Override
    public void stop(ContainerId container, Optional<Duration> grace) throws InterruptedException {
        Optional<FakeContainer> found = faults.doing(Call.STOP, () -> Optional.ofNullable(containers.get(container)));
        found.ifPresent(FakeContainer::stop);
    }

    @Override
    public void remove(ContainerId container) throws InterruptedException {
        Optional<FakeContainer> removed = faults.doing(Call.REMOVE, () -> taken(container));
        removed.ifPresent(gone -> gone.end(137));
    }
}
