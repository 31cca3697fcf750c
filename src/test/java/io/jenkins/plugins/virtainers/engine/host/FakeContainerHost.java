package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import io.jenkins.plugins.virtainers.engine.spec.Subnet;
import java.io.InputStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
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

    /** What a host may have or not. */
    public enum Role {
        NETWORKS,
        VOLUMES,
        COMMITS
    }

    private final FakeFaults faults = new FakeFaults();
    private final FakeNetworks networks = new FakeNetworks(faults);
    private final FakeImages images = new FakeImages(faults);
    private final FakeContainers containers = new FakeContainers(faults, images, networks);
    private final FakeFiles files = new FakeFiles(faults, containers);
    private final FakeLogs logs = new FakeLogs(containers);
    private final FakeExecs execs = new FakeExecs(containers);
    private final Set<Role> roles = EnumSet.allOf(Role.class);
    private volatile boolean local = true;
    private volatile MemorySize memory = MemorySize.parse("16G");

    public FakeContainerHost() {
        addNetwork("bridge", "172.17.0.0/16");
        addImage(IMAGE, Map.of(Labels.CONTRACT, "1", Labels.USER, "liar"));
    }

    // What a test says to it.

    /** Puts an image on the host. */
    public void addImage(ImageRef image, Map<String, String> labels) {
        images.add(image, labels, containers.time());
    }

    /** Has a registry hold an image like {@link #IMAGE}, for whom shows this login. */
    public void publish(ImageRef image, RegistryLogin login) {
        images.publish(image, login, Map.of(Labels.CONTRACT, "1", Labels.USER, "liar"), containers.time());
    }

    public void removeImage(ImageRef image) {
        images.remove(image);
    }

    /** The files that an image has, of those that were put into the containers it was made of. */
    public Map<String, ContainerFile> filesOf(ImageRef image) {
        return images.filesOf(image);
    }

    /** Puts a network on the host. */
    public void addNetwork(String name, String subnet) {
        addNetwork(new ContainerNetwork(name, "bridge", List.of(Subnet.parse(subnet)), List.of(), false));
    }

    /** Puts a network on the host. */
    public void addNetwork(ContainerNetwork network) {
        networks.add(network);
    }

    /** Somebody else makes a network just before the next one is made. */
    public void overtakeNextNetwork(String name, String subnet) {
        faults.beforeNext(Call.CREATE_NETWORK, () -> addNetwork(name, subnet));
    }

    /** What the host itself reaches from now on; empty when that cannot be seen. */
    public void setRoutes(Optional<List<Subnet>> value) {
        networks.setRoutes(value);
    }

    public void setMemory(MemorySize size) {
        memory = size;
    }

    public void setKvm(HostInfo.KvmDevice device) {
        containers.setKvm(device);
    }

    /** It has a /dev/kvm that clients cannot see, and that opens to this group alone. */
    public void hideKvm(String group) {
        containers.hideKvm(group);
    }

    /** What the runtime's probe says in each container. */
    public void setProbe(String answer) {
        containers.setProbe(answer);
    }

    /** It is another machine than the client's. */
    public void moveAway() {
        local = false;
    }

    public void advance(Duration duration) {
        containers.setTime(containers.time().plus(duration));
    }

    /** From now on it is a host of another kind, which does not have this. */
    public void lack(Role role) {
        faults.alone(() -> {
            roles.remove(role);
        });
    }

    /** The next call of this kind throws, having done nothing. */
    public void failNext(Call call, VirtainerException problem) {
        faults.failNext(call, problem);
    }

    /** Every call of this kind throws, having done nothing, until {@link #heal}. */
    public void failAll(Call call, VirtainerException problem) {
        faults.failAll(call, problem);
    }

    public void heal(Call call) {
        faults.heal(call);
    }

    /** The next call of this kind does its work, and then throws. */
    public void loseReplyOfNext(Call call) {
        faults.loseReplyOfNext(call);
    }

    /** The next call of this kind waits until its thread is interrupted. */
    public CountDownLatch hangNext(Call call) {
        return faults.hangNext(call);
    }

    /**
     * The next call of this kind that no other fault meets waits for an event before it does its work.
     *
     * @return what tells that it waits
     */
    public CountDownLatch holdNext(Call call, CountDownLatch until) {
        return faults.holdNext(call, until);
    }

    /** The next container that is started says a line and ends at once. */
    public void endNext(int status, String line) {
        containers.endNext(container -> {
            container.says(line);
            container.end(status);
        });
    }

    /** Every container ends without a word, as when somebody kills it. */
    public void killAll(int status) {
        containers.all().forEach(container -> container.end(status));
    }

    /** The host goes away while everybody listens. */
    public void crash() {
        containers.all().forEach(FakeContainer::lose);
    }

    /** The only container there is. */
    public FakeContainer onlyContainer() {
        List<FakeContainer> all = containers.all();
        if (all.size() != 1) {
            throw new IllegalStateException(
                    "containers: " + all.stream().map(FakeContainer::id).toList());
        }
        return all.get(0);
    }

    /** The container of that name, if there is one. */
    public Optional<FakeContainer> container(String name) {
        return containers.all().stream()
                .filter(container -> container.request().name().value().equals(name))
                .findFirst();
    }

    /** Those that are gone, in order. */
    public List<FakeContainer> removed() {
        return containers.removed();
    }

    public boolean isEmpty() {
        return containers.all().isEmpty();
    }

    /** Which calls were made, in order. */
    public List<Call> calls() {
        return faults.calls();
    }

    // What the engine asks of it.

    @Override
    public String address() {
        return "fake://host";
    }

    @Override
    public boolean isLocal() {
        return local;
    }

    @Override
    public HostInfo info() throws InterruptedException {
        return faults.doing(
                Call.INFO,
                () -> new HostInfo(
                        "Fake",
                        "1",
                        "Fake OS",
                        "amd64",
                        4,
                        memory,
                        Optional.empty(),
                        containers.kvm(),
                        Optional.empty(),
                        true,
                        true,
                        containers.time()));
    }

    @Override
    public Optional<ContainerNetworks> networks() {
        return role(Role.NETWORKS, networks);
    }

    @Override
    public Optional<Volumes> volumes() {
        return role(Role.VOLUMES, containers.volumes());
    }

    @Override
    public Optional<Commits> commits() {
        return role(
                Role.COMMITS, (container, image) -> images.add(image, containers.found(container), containers.time()));
    }

    private <T> Optional<T> role(Role role, T having) {
        return faults.alone(() -> roles.contains(role) ? Optional.of(having) : Optional.empty());
    }

    @Override
    public ContainerId create(ContainerRequest request) throws InterruptedException {
        return containers.create(request);
    }

    @Override
    public void start(ContainerId container) throws InterruptedException {
        containers.start(container);
    }

    @Override
    public Optional<Container> inspect(String idOrName) throws InterruptedException {
        return containers.inspect(idOrName);
    }

    @Override
    public List<Container> list(Map<String, String> labels) throws InterruptedException {
        return containers.list(labels);
    }

    @Override
    public CompletableFuture<Integer> exitStatus(ContainerId container) {
        return containers.exitStatus(container);
    }

    @Override
    public void stop(ContainerId container, Optional<Duration> grace) throws InterruptedException {
        containers.stop(container, grace);
    }

    @Override
    public void remove(ContainerId container) throws InterruptedException {
        containers.remove(container);
    }

    @Override
    public void putFiles(ContainerId container, List<ContainerFile> contents) throws InterruptedException {
        files.putFiles(container, contents);
    }

    @Override
    public void readFile(ContainerId container, String path, FileReader reader) throws InterruptedException {
        files.readFile(container, path, reader);
    }

    @Override
    public void writeFile(ContainerId container, String path, InputStream content, long size)
            throws InterruptedException {
        files.writeFile(container, path, content, size);
    }

    @Override
    public void touch(ContainerId container, String path) throws InterruptedException {
        files.touch(container, path);
    }

    @Override
    public LogStream followLogs(ContainerId container, LogListener listener) {
        return logs.followLogs(container, listener);
    }

    @Override
    public void readLogs(ContainerId container, OptionalInt lastLines, LogListener listener) {
        logs.readLogs(container, lastLines, listener);
    }

    @Override
    public int exec(ContainerId container, List<String> command, ExecStreams streams) throws InterruptedException {
        return execs.exec(container, command, streams);
    }

    @Override
    public Optional<ContainerImage> findImage(ImageRef image) throws InterruptedException {
        return images.findImage(image);
    }

    @Override
    public List<ContainerImage> images(String label) {
        return images.images(label);
    }

    @Override
    public void pull(ImageRef image, RegistryLogins logins, Consumer<String> progress, Duration timeout)
            throws InterruptedException {
        images.pull(image, logins, progress, timeout);
    }

    @Override
    public void close() {}
}
