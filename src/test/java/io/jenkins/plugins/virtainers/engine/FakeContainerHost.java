package io.jenkins.plugins.virtainers.engine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * A container host in memory. Its containers do what their variable {@code LIE} says, as the liar of the real hosts' tests
 * does (src/test/resources/…/docker/liar); and any call can be told to fail, to hang, or to lose its reply next.
 */
public final class FakeContainerHost implements ContainerHost {
    /** The image that is there from the start. */
    public static final ImageRef IMAGE = ImageRef.parse("liar:1");

    /** What can be told to go wrong. */
    public enum Call {
        INFO,
        FIND_IMAGE,
        PULL,
        CREATE,
        NETWORKS,
        CREATE_NETWORK,
        PUT_FILES,
        TOUCH,
        START,
        INSPECT,
        LIST,
        STOP,
        REMOVE
    }

    /** How a call goes wrong. */
    private interface Fault {
        /** Before the call does its work. */
        default void before() throws InterruptedException {}

        /** After it. */
        default void after() {}
    }

    private final Map<Call, Deque<Fault>> faults = new EnumMap<>(Call.class);
    private final Map<Call, VirtainerException> broken = new EnumMap<>(Call.class);
    private final Map<String, ContainerImage> images = new HashMap<>();
    private final Map<String, Map<String, ContainerFile>> committed = new HashMap<>();
    private final Map<String, ContainerNetwork> networks = new LinkedHashMap<>();
    private final Map<ContainerId, FakeContainer> containers = new LinkedHashMap<>();
    private final List<Call> calls = new ArrayList<>();
    private MemorySize memory = MemorySize.parse("16G");
    private HostInfo.KvmDevice kvm = HostInfo.KvmDevice.ABSENT;
    private Instant time = Instant.parse("2026-01-01T00:00:00Z");
    private Optional<List<Subnet>> routes = Optional.of(List.of());
    private int serial;
    private Optional<Consumer<FakeContainer>> nextEnd = Optional.empty();

    public FakeContainerHost() {
        addNetwork("bridge", "172.17.0.0/16");
        addImage(IMAGE, Map.of(Labels.CONTRACT, "1", Labels.USER, "liar"));
    }

    // What a test says to it.

    /** Puts an image on the host. */
    public synchronized void addImage(ImageRef image, Map<String, String> labels) {
        images.put(
                image.reference(),
                new ContainerImage(
                        "sha256:" + image.reference().hashCode(), List.of(image.reference()), labels, 1 << 20, time));
    }

    /** Puts a network on the host. */
    public synchronized void addNetwork(String name, String subnet) {
        addNetwork(new ContainerNetwork(name, "bridge", List.of(Subnet.parse(subnet)), List.of(), false));
    }

    /** Puts a network on the host. */
    public synchronized void addNetwork(ContainerNetwork network) {
        networks.put(network.name(), network);
    }

    /** Somebody else makes a network just before the next one is made. */
    public synchronized void overtakeNextNetwork(String name, String subnet) {
        addFault(Call.CREATE_NETWORK, new Fault() {
            @Override
            public void before() {
                addNetwork(name, subnet);
            }
        });
    }

    /** What the host itself reaches from now on; empty when that cannot be seen. */
    public synchronized void setRoutes(Optional<List<Subnet>> value) {
        routes = value;
    }

    public synchronized void setMemory(MemorySize size) {
        memory = size;
    }

    public synchronized void setKvm(HostInfo.KvmDevice device) {
        kvm = device;
    }

    public synchronized void advance(Duration duration) {
        time = time.plus(duration);
    }

    /** The next call of this kind throws, having done nothing. */
    public synchronized void failNext(Call call, VirtainerException problem) {
        addFault(call, new Fault() {
            @Override
            public void before() {
                throw problem;
            }
        });
    }

    /** Every call of this kind throws, having done nothing, until {@link #heal}. */
    public synchronized void failAll(Call call, VirtainerException problem) {
        broken.put(call, problem);
    }

    public synchronized void heal(Call call) {
        broken.remove(call);
    }

    /** The next call of this kind does its work, and then throws. */
    public synchronized void loseReplyOfNext(Call call) {
        addFault(call, new Fault() {
            @Override
            public void after() {
                throw Failure.ENGINE_UNREACHABLE.because("The reply was lost.");
            }
        });
    }

    /** The next call of this kind waits until its thread is interrupted. */
    public synchronized CountDownLatch hangNext(Call call) {
        CountDownLatch reached = new CountDownLatch(1);
        addFault(call, new Fault() {
            @Override
            public void before() throws InterruptedException {
                reached.countDown();
                new CountDownLatch(1).await();
            }
        });
        return reached;
    }

    private void addFault(Call call, Fault fault) {
        faults.computeIfAbsent(call, any -> new ArrayDeque<>()).add(fault);
    }

    /** The only container there is. */
    public synchronized FakeContainer onlyContainer() {
        if (containers.size() != 1) {
            throw new IllegalStateException("containers: " + containers.keySet());
        }
        return containers.values().iterator().next();
    }

    /** The container of that name, if there is one. */
    public synchronized Optional<FakeContainer> container(String name) {
        return containers.values().stream()
                .filter(container -> container.request.name().value().equals(name))
                .findFirst();
    }

    /** The next container that is started says a line and ends at once. */
    public synchronized void endNext(int status, String line) {
        nextEnd = Optional.of(container -> {
            container.says(line);
            container.end(status);
        });
    }

    public synchronized boolean isEmpty() {
        return containers.isEmpty();
    }

    /** Which calls were made, in order. */
    public synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    /** Every container ends without a word, as when somebody kills it. */
    public void killAll(int status) {
        List<FakeContainer> running;
        synchronized (this) {
            running = List.copyOf(containers.values());
        }
        running.forEach(container -> container.end(status));
    }

    /** The host goes away while everybody listens. */
    public void crash() {
        List<FakeContainer> running;
        synchronized (this) {
            running = List.copyOf(containers.values());
        }
        running.forEach(FakeContainer::lose);
    }

    // What the engine asks of it.

    @Override
    public String address() {
        return "fake://host";
    }

    @Override
    public boolean isLocal() {
        return true;
    }

    @Override
    public HostInfo info() throws InterruptedException {
        return doing(
                Call.INFO, () -> new HostInfo("Fake", "1", "Fake OS", "amd64", 4, memory, Optional.empty(), kvm, time));
    }

    @Override
    public Optional<ContainerImage> findImage(ImageRef image) throws InterruptedException {
        return doing(Call.FIND_IMAGE, () -> Optional.ofNullable(images.get(image.reference())));
    }

    @Override
    public synchronized List<ContainerImage> images(String label) {
        return images.values().stream()
                .filter(image -> image.label(label).isPresent())
                .toList();
    }

    @Override
    public void pull(ImageRef image, Consumer<String> progress, Duration timeout) throws InterruptedException {
        doing(Call.PULL, () -> {
            if (!images.containsKey(image.reference())) {
                throw Failure.IMAGE_NOT_FOUND.because("Cannot find image " + image + " on fake://host.");
            }
            return null;
        });
    }

    @Override
    public List<ContainerNetwork> networks() throws InterruptedException {
        return doing(Call.NETWORKS, () -> List.copyOf(networks.values()));
    }

    @Override
    public void createNetwork(String name, Optional<Subnet> subnet) throws InterruptedException {
        doing(Call.CREATE_NETWORK, () -> {
            if (networks.containsKey(name)) {
                throw Failure.NAME_IN_USE.because("Network " + name + " exists.");
            }
            Subnet wanted = subnet.orElse(Subnet.parse("172.18.0.0/16"));
            if (networks.values().stream()
                    .flatMap(network -> network.subnets().stream())
                    .anyMatch(wanted::overlaps)) {
                throw Failure.NETWORK.because("Subnet " + wanted + " of network " + name + " is in use.");
            }
            addNetwork(name, wanted.toString());
            return null;
        });
    }

    @Override
    public synchronized void removeNetwork(String name) {
        networks.remove(name);
    }

    @Override
    public synchronized Optional<List<Subnet>> routes() {
        return routes;
    }

    private void requireNetwork(NetworkJoin join) {
        ContainerNetwork network = networks.get(join.network());
        if (network == null
                || join.address().map(Subnet::parse).stream()
                        .anyMatch(address -> network.subnets().stream().noneMatch(address::overlaps))) {
            throw Failure.NETWORK.because("Network " + join.network() + " is not there, or has no such address.");
        }
    }

    @Override
    public ContainerId create(ContainerRequest request) throws InterruptedException {
        return doing(Call.CREATE, () -> {
            request.networks().forEach(this::requireNetwork);
            if (containers.values().stream()
                    .anyMatch(other -> other.request.name().equals(request.name()))) {
                throw Failure.NAME_IN_USE.because("Container " + request.name() + " exists.");
            }
            ContainerId id = new ContainerId("%064x".formatted(++serial));
            containers.put(id, new FakeContainer(id, request, labelsOf(request), time));
            return id;
        });
    }

    private Map<String, String> labelsOf(ContainerRequest request) {
        Map<String, String> labels = new HashMap<>();
        images.values().stream()
                .filter(image -> image.id().equals(request.image()))
                .forEach(image -> labels.putAll(image.labels()));
        labels.putAll(request.labels());
        return labels;
    }

    @Override
    public void putFiles(ContainerId container, List<ContainerFile> files) throws InterruptedException {
        doing(Call.PUT_FILES, () -> {
            files.forEach(file -> require(container).files.put(file.path(), file));
            return null;
        });
    }

    @Override
    public void readFile(ContainerId container, String path, FileReader reader) throws InterruptedException {
        Optional<ContainerFile> file =
                Optional.ofNullable(found(container).files().get(path));
        byte[] content = file.orElseThrow(() -> Failure.COPY_FAILED.because("There is no file " + path + "."))
                .content()
                .bytes();
        try {
            reader.read(new ByteArrayInputStream(content), content.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void writeFile(ContainerId container, String path, InputStream content, long size)
            throws InterruptedException {
        try {
            byte[] bytes = content.readNBytes((int) size);
            putFiles(container, List.of(new ContainerFile(path, ContainerFile.Content.of(bytes), 0644)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void commit(ContainerId container, ImageRef image) {
        FakeContainer found = found(container);
        addImage(image, found.describe().labels());
        committed.put(image.reference(), found.files());
    }

    /** The files that an image has, of those that were put into the containers it was made of. */
    public synchronized Map<String, ContainerFile> filesOf(ImageRef image) {
        return committed.get(image.reference());
    }

    @Override
    public void touch(ContainerId container, String path) throws InterruptedException {
        doing(Call.TOUCH, () -> require(container).modified.put(path, time));
    }

    @Override
    public void start(ContainerId container) throws InterruptedException {
        FakeContainer started = doing(Call.START, () -> {
            FakeContainer found = require(container);
            if (found.request.kvm() && kvm == HostInfo.KvmDevice.UNKNOWN) {
                throw Failure.PLATFORM.because("no /dev/kvm");
            }
            return found;
        });
        started.start();
    }

    @Override
    public Optional<Container> inspect(String idOrName) throws InterruptedException {
        return doing(
                Call.INSPECT,
                () -> containers.values().stream()
                        .filter(container -> container.id.value().equals(idOrName)
                                || container.request.name().value().equals(idOrName))
                        .findFirst()
                        .map(FakeContainer::describe));
    }

    @Override
    public List<Container> list(Map<String, String> labels) throws InterruptedException {
        return doing(
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
    public LogStream followLogs(ContainerId container, LogListener listener) {
        return found(container).follow(listener);
    }

    @Override
    public void readLogs(ContainerId container, OptionalInt lastLines, LogListener listener) {
        found(container).replay(listener);
    }

    @Override
    public CompletableFuture<Integer> exitStatus(ContainerId container) {
        return found(container).exit.copy();
    }

    @Override
    public void stop(ContainerId container, Duration grace) throws InterruptedException {
        Optional<FakeContainer> found = doing(Call.STOP, () -> Optional.ofNullable(containers.get(container)));
        found.ifPresent(FakeContainer::stop);
    }

    @Override
    public void remove(ContainerId container) throws InterruptedException {
        Optional<FakeContainer> removed = doing(Call.REMOVE, () -> Optional.ofNullable(containers.remove(container)));
        removed.ifPresent(gone -> gone.end(137));
    }

    @Override
    public int exec(ContainerId container, List<String> command, ExecStreams streams) {
        FakeContainer found = found(container);
        try {
            if (command.get(1).equals("modified")) {
                streams.stdout()
                        .write((found.modified.get(command.get(2)).getEpochSecond() + "\n")
                                .getBytes(StandardCharsets.UTF_8));
                return 0;
            }
            if (command.contains("screenshot")) {
                return screenshot(found, command.get(command.size() - 1), streams);
            }
            if (command.get(0).equals("rm")) {
                found.files.remove(command.get(command.size() - 1));
                return 0;
            }
            streams.stdout().write("out\n".getBytes(StandardCharsets.UTF_8));
            streams.stderr().write("err\n".getBytes(StandardCharsets.UTF_8));
            return 5;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int screenshot(FakeContainer container, String path, ExecStreams streams) throws IOException {
        if ("on".equals(container.request().env().get("VNC"))) {
            container.files.put(path, ContainerFile.of(path, "a picture"));
            return 0;
        }
        streams.stderr().write("error: domain 'vm' has no screen\n".getBytes(StandardCharsets.UTF_8));
        return 1;
    }

    @Override
    public void close() {}

    private synchronized void forget(ContainerId container) {
        containers.remove(container);
    }

    private synchronized Optional<Consumer<FakeContainer>> takeNextEnd() {
        Optional<Consumer<FakeContainer>> taken = nextEnd;
        nextEnd = Optional.empty();
        return taken;
    }

    private synchronized FakeContainer found(ContainerId container) {
        return require(container);
    }

    private FakeContainer require(ContainerId container) {
        FakeContainer found = containers.get(container);
        if (found == null) {
            throw Failure.ENGINE_REFUSED.because("No container " + container);
        }
        return found;
    }

    /** Work that one call does. */
    @FunctionalInterface
    private interface Work<T> {
        T run();
    }

    private <T> T doing(Call call, Work<T> work) throws InterruptedException {
        Fault fault;
        synchronized (this) {
            calls.add(call);
            if (broken.containsKey(call)) {
                throw broken.get(call);
            }
            fault = faults.getOrDefault(call, new ArrayDeque<>()).poll();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (fault != null) {
            fault.before();
        }
        T result;
        synchronized (this) {
            result = work.run();
        }
        if (fault != null) {
            fault.after();
        }
        return result;
    }

    /** One container. */
    public final class FakeContainer {
        private final ContainerId id;
        private final ContainerRequest request;
        private final Map<String, String> labels;
        private final Instant created;
        private final Map<String, ContainerFile> files = new LinkedHashMap<>();
        private final Map<String, Instant> modified = new HashMap<>();
        private final CompletableFuture<Integer> exit = new CompletableFuture<>();
        private final List<Consumer<LogListener>> log = new ArrayList<>();
        private final Map<LogListener, CompletableFuture<Void>> listeners = new LinkedHashMap<>();
        private boolean started;
        private Optional<Instant> ended = Optional.empty();

        private FakeContainer(ContainerId id, ContainerRequest request, Map<String, String> labels, Instant created) {
            this.id = id;
            this.request = request;
            this.labels = labels;
            this.created = created;
        }

        public ContainerId id() {
            return id;
        }

        public ContainerRequest request() {
            return request;
        }

        public Map<String, ContainerFile> files() {
            return Map.copyOf(files);
        }

        public synchronized Optional<Instant> modified(String path) {
            return Optional.ofNullable(modified.get(path));
        }

        /** The runtime says something. */
        public void says(String line) {
            byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
            write(listener -> listener.stderr(bytes));
        }

        /** The guest writes to its console. */
        public void prints(String line) {
            byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
            write(listener -> listener.stdout(bytes));
        }

        /** The container ends. */
        public void end(int status) {
            List<CompletableFuture<Void>> ends;
            synchronized (this) {
                if (!exit.complete(status)) {
                    return;
                }
                ended = Optional.of(time);
                ends = List.copyOf(listeners.values());
            }
            ends.forEach(end -> end.complete(null));
            if (request.removedWhenEnded()) {
                forget(id);
            }
        }

        private void lose() {
            VirtainerException lost = Failure.ENGINE_UNREACHABLE.because("The engine broke off.");
            exit.completeExceptionally(lost);
            List<CompletableFuture<Void>> ends;
            synchronized (this) {
                ends = List.copyOf(listeners.values());
            }
            ends.forEach(end -> end.completeExceptionally(lost));
        }

        private void start() {
            synchronized (this) {
                started = true;
            }
            List<String> lie = List.of(request.env().getOrDefault("LIE", "idle").split(" ", -1));
            says("virtainers: +0.001s start: a lie");
            Optional<Consumer<FakeContainer>> end = takeNextEnd();
            if (end.isPresent()) {
                end.get().accept(this);
                return;
            }
            switch (lie.get(0)) {
                case "ready" -> says("virtainers: +0.500s ready: SSH answers on port 22");
                case "fail" -> {
                    says("virtainers: +0.500s failed: %s: %s"
                            .formatted(lie.get(2), String.join(" ", lie.subList(3, lie.size()))));
                    end(Integer.parseInt(lie.get(1)));
                }
                case "panic" -> {
                    prints("\u001b[31mKernel panic\u001b[0m - not syncing");
                    says("virtainers: +0.500s failed: guest-failed: the guest's kernel panicked");
                    end(71);
                }
                case "vanish" -> end(Integer.parseInt(lie.get(1)));
                case "files" -> {
                    files.values()
                            .forEach(file -> prints("1000 %o %s %s"
                                    .formatted(
                                            file.mode(),
                                            file.path(),
                                            new String(file.content().bytes(), StandardCharsets.UTF_8).strip())));
                    end(0);
                }
                default -> {
                    // idle and deaf say no more.
                }
            }
        }

        private void stop() {
            end(request.env().getOrDefault("LIE", "").equals("deaf") ? 137 : 0);
        }

        private LogStream follow(LogListener listener) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            synchronized (this) {
                replay(listener);
                listeners.put(listener, end);
                if (exit.isDone()) {
                    end.complete(null);
                }
            }
            return new LogStream() {
                @Override
                public CompletableFuture<Void> ended() {
                    return end;
                }

                @Override
                public void close() {
                    synchronized (FakeContainer.this) {
                        listeners.remove(listener);
                    }
                }
            };
        }

        private synchronized void replay(LogListener listener) {
            log.forEach(line -> line.accept(listener));
        }

        private synchronized void write(Consumer<LogListener> line) {
            log.add(line);
            listeners.keySet().forEach(line);
        }

        private synchronized Container describe() {
            Container.Phase phase =
                    exit.isDone() ? Container.Phase.ENDED : started ? Container.Phase.RUNNING : Container.Phase.CREATED;
            boolean known = exit.isDone() && !exit.isCompletedExceptionally();
            Map<Port, Endpoint> published = new HashMap<>();
            if (phase == Container.Phase.RUNNING) {
                request.published()
                        .forEach(port -> published.put(
                                port, new Endpoint("127.0.0.1", new Port(40000 + port.number() % 10000))));
            }
            return new Container(
                    id,
                    request.name().value(),
                    request.image(),
                    labels,
                    phase,
                    known ? OptionalInt.of(exit.join()) : OptionalInt.empty(),
                    created,
                    ended,
                    phase == Container.Phase.RUNNING ? addressesOn(request.networks()) : List.of(),
                    published);
        }
    }

    private static List<NetworkAddress> addressesOn(List<NetworkJoin> joins) {
        List<NetworkAddress> addresses = new ArrayList<>();
        for (NetworkJoin join : joins.isEmpty() ? List.of(NetworkJoin.of("bridge")) : joins) {
            addresses.add(
                    new NetworkAddress(join.network(), join.address().orElse("192.0.2." + (addresses.size() + 1))));
        }
        return addresses;
    }

    /** Collects a log, for tests. */
    public static final class Transcript implements LogListener {
        private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

        @Override
        public synchronized void stdout(byte[] bytes) {
            stdout.writeBytes(bytes);
        }

        @Override
        public synchronized void stderr(byte[] bytes) {
            stderr.writeBytes(bytes);
        }

        public synchronized String out() {
            return stdout.toString(StandardCharsets.UTF_8);
        }

        public synchronized String err() {
            return stderr.toString(StandardCharsets.UTF_8);
        }
    }
}
