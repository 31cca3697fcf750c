package io.jenkins.plugins.virtainers.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.CreateNetworkCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.command.PullImageCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import com.github.dockerjava.api.model.StreamType;
import com.github.dockerjava.api.model.Version;
import com.github.dockerjava.api.model.WaitResponse;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import io.jenkins.plugins.virtainers.engine.Container;
import io.jenkins.plugins.virtainers.engine.ContainerFile;
import io.jenkins.plugins.virtainers.engine.ContainerHost;
import io.jenkins.plugins.virtainers.engine.ContainerId;
import io.jenkins.plugins.virtainers.engine.ContainerImage;
import io.jenkins.plugins.virtainers.engine.ContainerNetwork;
import io.jenkins.plugins.virtainers.engine.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.Endpoint;
import io.jenkins.plugins.virtainers.engine.ExecStreams;
import io.jenkins.plugins.virtainers.engine.Failure;
import io.jenkins.plugins.virtainers.engine.HostInfo;
import io.jenkins.plugins.virtainers.engine.ImageRef;
import io.jenkins.plugins.virtainers.engine.MemorySize;
import io.jenkins.plugins.virtainers.engine.NetworkAddress;
import io.jenkins.plugins.virtainers.engine.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.Port;
import io.jenkins.plugins.virtainers.engine.RegistryLogins;
import io.jenkins.plugins.virtainers.engine.Subnet;
import io.jenkins.plugins.virtainers.engine.Terminal;
import io.jenkins.plugins.virtainers.engine.VirtainerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * A container host that speaks the Docker API. Holds connections; close it.
 *
 * <p>Containers have the contract's rights: user 1000, no capability, no new privileges; those that keep templates have
 * what {@link ContainerRequest.Rights} says. Files reach them through the
 * archive call, never by a bind mount, so the engine may be anywhere.
 */
public final class DockerContainerHost implements ContainerHost {
    private static final Logger LOGGER = Logger.getLogger(DockerContainerHost.class.getName());

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration CALL = Duration.ofSeconds(60);
    /** Frees the thread of a call that nobody waits for any longer, where an interruption cannot. */
    private static final Duration SILENCE = Duration.ofMinutes(3);
    /** Storage drivers that copy, on a busy disk. */
    private static final Duration CREATE = Duration.ofMinutes(2);
    /** Disks of guests, over a slow network. */
    private static final Duration LARGE_FILE = Duration.ofHours(2);
    /** Beyond the grace time that the engine was asked to give. */
    private static final Duration STOP_MARGIN = Duration.ofSeconds(30);
    /** For the rest of a log to arrive once its container has ended. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(30);

    /** To read and to write, and not to make. */
    static final String DEVICE_RIGHTS = "rw";

    static final String NO_NEW_PRIVILEGES = "no-new-privileges";
    /** QEMU listens for the guest on its own low ports, as a user without capabilities. */
    private static final Map<String, String> SYSCTLS = Map.of("net.ipv4.ip_unprivileged_port_start", "0");

    /** Without which a container has IPv6 on its networks alone, and none behind it. */
    private static final Map<String, String> SYSCTLS_OF_IPV6 =
            Map.of("net.ipv6.conf.all.forwarding", "1", "net.ipv6.conf.default.disable_ipv6", "0");

    private static final int CONNECTIONS = 256;
    private static final String ROOT = "0:0";
    /** Of the processor, where guests want it too: a fraction of what each of them has. */
    private static final int SHARES_OF_KEEPER = 128;

    private static final String USER = FileArchive.USER + ":" + FileArchive.USER;

    private final DockerEndpoint endpoint;
    private final RegistryLogins logins;
    /** For calls that are answered at once. */
    private final DockerClient client;
    /** For answers that last: log, wait and exec are silent for as long as a guest is. */
    private final DockerClient streams;

    private final Calls calls;
    private volatile Duration hostAhead = Duration.ZERO;
    private volatile boolean clockKnown;

    /** Makes no connection yet, and pulls images as nobody. */
    public DockerContainerHost(DockerEndpoint endpoint) {
        this(endpoint, RegistryLogins.NONE);
    }

    /** Makes no connection yet. */
    public DockerContainerHost(DockerEndpoint endpoint, RegistryLogins logins) {
        this.endpoint = endpoint;
        this.logins = logins;
        this.calls = new Calls(endpoint);
        DefaultDockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(endpoint.uri().toString())
                .withDockerTlsVerify(false)
                .build();
        this.client = DockerClientImpl.getInstance(
                config, http().responseTimeout(SILENCE).build());
        this.streams = DockerClientImpl.getInstance(config, http().build());
    }

    private ApacheDockerHttpClient.Builder http() {
        ApacheDockerHttpClient.Builder http = new ApacheDockerHttpClient.Builder()
                .dockerHost(endpoint.uri())
                .maxConnections(CONNECTIONS)
                .connectionTimeout(CONNECT);
        endpoint.tls().ifPresent(tls -> http.sslConfig(new PemSslConfig(endpoint, tls)));
        return http;
    }

    @Override
    public String address() {
        return endpoint.toString();
    }

    @Override
    public boolean isLocal() {
        return endpoint.isLocal();
    }

    @Override
    public HostInfo info() throws InterruptedException {
        String what = "ask for the version";
        Version version = ask(what, () -> client.versionCmd().exec());
        Info info = ask(what, () -> client.infoCmd().exec());
        Instant time = instant(info.getSystemTime()).orElseGet(Instant::now);
        hostAhead = endpoint.isLocal() ? Duration.ZERO : Duration.between(Instant.now(), time);
        clockKnown = true;
        return new HostInfo(
                product(version),
                Objects.requireNonNullElse(version.getVersion(), "of unknown version"),
                Objects.requireNonNullElse(info.getOperatingSystem(), "unknown"),
                architecture(Objects.requireNonNullElse(info.getArchitecture(), "unknown")),
                Objects.requireNonNullElse(info.getNCPU(), 1),
                new MemorySize(Objects.requireNonNullElse(info.getMemTotal(), Long.MAX_VALUE)),
                Optional.ofNullable(info.getDockerRootDir()).filter(path -> !path.isBlank()),
                KvmNode.of(endpoint),
                time);
    }

    @Override
    public Optional<ContainerImage> findImage(ImageRef image) throws InterruptedException {
        for (String spelling : image.localSpellings()) {
            Optional<InspectImageResponse> found = find(
                    "look for image " + image,
                    () -> client.inspectImageCmd(spelling).exec());
            if (found.isPresent()) {
                return Optional.of(image(found.get()));
            }
        }
        return Optional.empty();
    }

    @Override
    public List<ContainerImage> images(String label) throws InterruptedException {
        return ask(
                        "list images",
                        () -> client.listImagesCmd().withLabelFilter(label).exec())
                .stream()
                .map(image -> new ContainerImage(
                        image.getId(),
                        tags(image.getRepoTags()),
                        image.getLabels() == null ? Map.of() : image.getLabels(),
                        image.getSize(),
                        Instant.ofEpochSecond(image.getCreated())))
                .toList();
    }

    @Override
    public void pull(ImageRef image, Consumer<String> progress, Duration timeout) throws InterruptedException {
        try (StreamCallback<PullResponseItem> answer = new StreamCallback<>(item -> pulled(item, progress))) {
            PullImageCmd pull = streams.pullImageCmd(image.reference());
            logins.of(image)
                    .map(login -> new AuthConfig()
                            .withRegistryAddress(image.registry())
                            .withUsername(login.user())
                            .withPassword(login.password()))
                    .ifPresent(pull::withAuthConfig);
            pull.exec(answer);
            answer.ended().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw notPulled(image, calls.problem("pull " + image.reference(), e.getCause()));
        } catch (TimeoutException e) {
            throw Failure.ENGINE_TIMEOUT.because(
                    "Cannot pull %s on %s: not done within %d min. Try again, or look at the network."
                            .formatted(image.reference(), endpoint, timeout.toMinutes()),
                    e);
        }
    }

    @Override
    public List<ContainerNetwork> networks() throws InterruptedException {
        return ask("list networks", () -> client.listNetworksCmd().exec()).stream()
                .map(network -> new ContainerNetwork(
                        network.getName(),
                        Objects.requireNonNullElse(network.getDriver(), "unknown"),
                        subnets(network),
                        routers(network),
                        Boolean.TRUE.equals(network.getEnableIPv6())))
                .toList();
    }

    private static Stream<Network.Ipam.Config> addresses(Network network) {
        return Optional.ofNullable(network.getIpam()).map(Network.Ipam::getConfig).orElse(List.of()).stream();
    }

    private static List<String> routers(Network network) {
        return addresses(network)
                .map(Network.Ipam.Config::getGateway)
                .filter(Objects::nonNull)
                .toList();
    }

    private static List<Subnet> subnets(Network network) {
        return addresses(network)
                .map(Network.Ipam.Config::getSubnet)
                .filter(Objects::nonNull)
                .flatMap(subnet -> Subnet.find(subnet).stream())
                .toList();
    }

    @Override
    public void createNetwork(String name, Optional<Subnet> subnet) throws InterruptedException {
        String what = "make network %s%s"
                .formatted(name, subnet.map(value -> " of " + value).orElse(""));
        // Podman makes a second one of the same name a fault of its own, in words of its own.
        if (networks().stream().anyMatch(network -> network.name().equals(name))) {
            throw nameOfNetworkInUse(what);
        }
        try {
            calls.within(CALL, what, () -> {
                CreateNetworkCmd creation = client.createNetworkCmd()
                        .withName(name)
                        .withDriver("bridge")
                        .withCheckDuplicate(true);
                subnet.ifPresent(value -> creation.withIpam(new Network.Ipam()
                        .withConfig(List.of(new Network.Ipam.Config().withSubnet(value.toString())))));
                return creation.exec();
            });
        } catch (DockerException e) {
            if (Calls.answerOf(e).contains("already exists")) {
                throw nameOfNetworkInUse(what);
            }
            throw Networking.says(Calls.answerOf(e)) ? Networking.refused(what, endpoint, e) : calls.refused(what, e);
        }
    }

    private VirtainerException nameOfNetworkInUse(String what) {
        return Failure.NAME_IN_USE.because(
                "Cannot %s on %s: a network of that name exists. Choose another name.".formatted(what, endpoint));
    }

    @Override
    public void removeNetwork(String name) throws InterruptedException {
        find("remove network " + name, () -> {
            client.removeNetworkCmd(name).exec();
            return name;
        });
    }

    @Override
    public Optional<List<Subnet>> routes() {
        return endpoint.isLocal() ? Networking.routes() : Optional.empty();
    }

    @Override
    public ContainerId create(ContainerRequest request) {
        ContainerId container = createOnFirstNetwork(request);
        try {
            request.networks().stream().skip(1).forEach(network -> join(container, request, network));
            return container;
        } catch (VirtainerException e) {
            discard(container);
            throw e;
        }
    }

    private void discard(ContainerId container) {
        try {
            calls.finishing(
                    CALL,
                    "remove container " + container,
                    () -> client.removeContainerCmd(container.value())
                            .withForce(true)
                            .exec());
        } catch (DockerException | VirtainerException e) {
            LOGGER.log(Level.WARNING, "Cannot remove container {0}: {1}", new Object[] {container, e.getMessage()});
        }
    }

    /** One creation joins one network, before Docker 25. */
    private void join(ContainerId container, ContainerRequest request, NetworkJoin network) {
        String what = "join container %s to network %s".formatted(request.name(), network.network());
        com.github.dockerjava.api.model.ContainerNetwork wanted =
                new com.github.dockerjava.api.model.ContainerNetwork();
        network.address()
                .ifPresent(address -> wanted.withIpamConfig(
                        new com.github.dockerjava.api.model.ContainerNetwork.Ipam().withIpv4Address(address)));
        try {
            calls.finishing(
                    CREATE,
                    what,
                    () -> client.connectToNetworkCmd()
                            .withNetworkId(network.network())
                            .withContainerId(container.value())
                            .withContainerNetwork(wanted)
                            .exec());
        } catch (DockerException e) {
            throw refusedOrWithoutKvm(what, e);
        }
    }

    private ContainerId createOnFirstNetwork(ContainerRequest request) {
        String what = "create container " + request.name();
        try {
            return new ContainerId(
                    calls.finishing(CREATE, what, () -> creation(request).exec().getId()));
        } catch (ConflictException e) {
            throw Failure.NAME_IN_USE.because(
                    "Cannot %s on %s: a container of that name exists. Choose another name, or remove it: virtainer rm %s"
                            .formatted(what, endpoint, request.name()),
                    e);
        } catch (DockerException e) {
            throw isNameTaken(e)
                    ? Failure.NAME_IN_USE.because(
                            "Cannot %s on %s: a container of that name exists. Choose another name, or remove it: virtainer rm %s"
                                    .formatted(what, endpoint, request.name()),
                            e)
                    : refusedOrWithoutKvm(what, e);
        }
    }

    @Override
    public void putFiles(ContainerId container, List<ContainerFile> files) throws InterruptedException {
        put("put files into container " + container, container, FileArchive.of(files, hostTime()));
    }

    @Override
    public void readFile(ContainerId container, String path, FileReader reader) throws InterruptedException {
        String what = "read %s of container %s".formatted(path, container);
        try {
            calls.within(LARGE_FILE, what, () -> {
                try (InputStream answer = streams.copyArchiveFromContainerCmd(container.value(), path)
                                .exec();
                        TarArchiveInputStream tar = new TarArchiveInputStream(answer)) {
                    TarArchiveEntry entry = tar.getNextEntry();
                    if (entry == null || !entry.isFile()) {
                        throw noSuchFile(what);
                    }
                    reader.read(tar, entry.getSize());
                    return null;
                }
            });
        } catch (NotFoundException e) {
            throw noSuchFile(what);
        } catch (DockerException e) {
            throw calls.refused(what, e);
        }
    }

    private VirtainerException noSuchFile(String what) {
        return Failure.COPY_FAILED.because("Cannot %s on %s: there is no such file.".formatted(what, endpoint));
    }

    @Override
    public void writeFile(ContainerId container, String path, InputStream content, long size)
            throws InterruptedException {
        String what = "write %s into container %s".formatted(path, container);
        int name = path.lastIndexOf('/') + 1;
        try {
            calls.within(
                    LARGE_FILE,
                    what,
                    () -> streams.copyArchiveToContainerCmd(container.value())
                            // Podman finds the volumes of a container that does not run by this path alone.
                            .withRemotePath(path.substring(0, name))
                            .withTarInputStream(FileArchive.of(path.substring(name), content, size, hostTime()))
                            .exec());
        } catch (DockerException e) {
            throw calls.refused(what, e);
        }
    }

    @Override
    public void commit(ContainerId container, ImageRef image) throws InterruptedException {
        String what = "make image %s of container %s".formatted(image, container);
        try {
            calls.within(
                    LARGE_FILE,
                    what,
                    () -> streams.commitCmd(container.value())
                            .withRepository(image.repository())
                            .withTag(image.version().substring(1))
                            .exec());
        } catch (DockerException e) {
            throw calls.refused(what, e);
        }
    }

    @Override
    public void touch(ContainerId container, String path) throws InterruptedException {
        if (!endpoint.isLocal() && !clockKnown) {
            info();
        }
        put(
                "touch " + path + " in container " + container,
                container,
                FileArchive.of(List.of(ContainerFile.of(path, "")), hostTime()));
    }

    @Override
    public void start(ContainerId container) throws InterruptedException {
        String what = "start container " + container;
        try {
            calls.within(
                    CREATE,
                    what,
                    () -> client.startContainerCmd(container.value()).exec());
        } catch (NotModifiedException e) {
            LOGGER.log(Level.FINE, "Container {0} runs already", container);
        } catch (DockerException e) {
            throw refusedOrWithoutKvm(what, e);
        }
    }

    @Override
    public Optional<Container> inspect(String idOrName) throws InterruptedException {
        return find(
                        "inspect container " + idOrName,
                        () -> client.inspectContainerCmd(idOrName).exec())
                .map(this::container);
    }

    @Override
    public List<Container> list(Map<String, String> labels) throws InterruptedException {
        List<String> filters = labels.entrySet().stream()
                .map(label -> label.getValue().isEmpty() ? label.getKey() : label.getKey() + "=" + label.getValue())
                .toList();
        List<Container> containers = new ArrayList<>();
        for (com.github.dockerjava.api.model.Container listed : ask(
                "list containers",
                () -> client.listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(filters)
                        .exec())) {
            // One that vanishes in between was somebody's to remove.
            inspect(listed.getId()).ifPresent(containers::add);
        }
        return containers;
    }

    @Override
    public LogStream followLogs(ContainerId container, LogListener listener) {
        StreamCallback<Frame> answer = new StreamCallback<>(frame -> deliver(frame, listener));
        streams.logContainerCmd(container.value())
                .withStdOut(true)
                .withStdErr(true)
                .withFollowStream(true)
                .withTailAll()
                .exec(answer);
        // Podman 4.3 was seen, on a busy host, to leave the log of a container open that had ended meanwhile.
        CompletableFuture<Integer> exit = exitStatus(container);
        exit.whenCompleteAsync(
                (status, thrown) -> answer.onComplete(),
                CompletableFuture.delayedExecutor(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS));
        String what = "read the log of container " + container;
        CompletableFuture<Void> ended = answer.ended().handle((nothing, thrown) -> {
            if (thrown != null) {
                throw asVirtainerException(what, thrown);
            }
            return null;
        });
        return new LogStream() {
            @Override
            public CompletableFuture<Void> ended() {
                return ended;
            }

            @Override
            public void close() {
                exit.cancel(false);
                answer.close();
            }
        };
    }

    @Override
    public void readLogs(ContainerId container, OptionalInt lastLines, LogListener listener)
            throws InterruptedException {
        String what = "read the log of container " + container;
        try (StreamCallback<Frame> answer = new StreamCallback<>(frame -> deliver(frame, listener))) {
            var command = streams.logContainerCmd(container.value())
                    .withStdOut(true)
                    .withStdErr(true)
                    .withFollowStream(false);
            (lastLines.isPresent() ? command.withTail(lastLines.getAsInt()) : command.withTailAll()).exec(answer);
            await(answer, CALL, what);
        }
    }

    @Override
    public CompletableFuture<Integer> exitStatus(ContainerId container) {
        CompletableFuture<Integer> status = new CompletableFuture<>();
        StreamCallback<WaitResponse> answer =
                new StreamCallback<>(response -> status.complete(response.getStatusCode()));
        streams.waitContainerCmd(container.value()).exec(answer);
        String what = "wait for container " + container;
        answer.ended().whenComplete((nothing, thrown) -> {
            if (thrown instanceof NotFoundException) {
                status.completeExceptionally(Failure.CONTAINER_ENDED.because(
                        "Container %s on %s was removed.".formatted(container, endpoint), thrown));
            } else if (thrown != null) {
                status.completeExceptionally(asVirtainerException(what, thrown));
            } else {
                status.completeExceptionally(Failure.ENGINE_UNREACHABLE.because(
                        "Cannot %s on %s: the container engine broke off. Is it still running?"
                                .formatted(what, endpoint)));
            }
        });
        status.whenComplete((value, thrown) -> answer.close());
        return status;
    }

    @Override
    public void stop(ContainerId container, Duration grace) throws InterruptedException {
        String what = "stop container " + container;
        int seconds = Math.toIntExact(grace.toSeconds());
        try {
            calls.within(
                    grace.plus(STOP_MARGIN),
                    what,
                    () -> streams.stopContainerCmd(container.value())
                            .withTimeout(seconds)
                            .exec());
        } catch (NotFoundException | NotModifiedException e) {
            LOGGER.log(Level.FINE, "Container {0} has ended already", container);
        } catch (DockerException e) {
            throw calls.refused(what, e);
        }
    }

    @Override
    public void remove(ContainerId container) throws InterruptedException {
        String what = "remove container " + container;
        try {
            calls.within(
                    CALL,
                    what,
                    () -> client.removeContainerCmd(container.value())
                            .withForce(true)
                            .withRemoveVolumes(true)
                            .exec());
        } catch (NotFoundException e) {
            LOGGER.log(Level.FINE, "Container {0} is gone already", container);
        } catch (ConflictException e) {
            // "Removal is already in progress": somebody else's call does the same.
            LOGGER.log(Level.FINE, "Container {0} is being removed already", container);
        } catch (DockerException e) {
            throw calls.refused(what, e);
        }
    }

    @Override
    public int exec(ContainerId container, List<String> command, ExecStreams io) throws InterruptedException {
        String what = "run " + command.get(0) + " in container " + container;
        boolean tty = io.terminal().isPresent();
        String exec = ask(
                what,
                () -> client.execCreateCmd(container.value())
                        .withAttachStdin(true)
                        .withAttachStdout(true)
                        .withAttachStderr(true)
                        .withTty(tty)
                        .withCmd(command.toArray(String[]::new))
                        .exec()
                        .getId());
        try (StreamCallback<Frame> answer = new StreamCallback<>(frame -> deliver(frame, io));
                Terminal.Resizes resizes = followSize(exec, io.terminal())) {
            streams.execStartCmd(exec)
                    .withDetach(false)
                    .withTty(tty)
                    .withStdIn(io.stdin())
                    .exec(answer);
            io.terminal().ifPresent(terminal -> resize(exec, terminal.size()));
            answer.ended().get();
        } catch (ExecutionException e) {
            throw asVirtainerException(what, e.getCause());
        }
        Long status = ask(what, () -> client.inspectExecCmd(exec).exec().getExitCodeLong());
        return status == null ? 0 : Math.toIntExact(status);
    }

    @Override
    public void close() {
        calls.close();
        try {
            client.close();
            streams.close();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "Closing " + endpoint, e);
        }
    }

    private CreateContainerCmd creation(ContainerRequest request) {
        ExposedPort[] exposed = request.published().stream()
                .map(port -> ExposedPort.tcp(port.number()))
                .toArray(ExposedPort[]::new);
        CreateContainerCmd creation = client.createContainerCmd(request.image());
        if (!request.command().isEmpty()) {
            creation.withCmd(request.command());
        }
        request.networks().stream().findFirst().flatMap(NetworkJoin::address).ifPresent(creation::withIpv4Address);
        return creation.withName(request.name().value())
                .withHostName(request.name().value())
                .withUser(user(request.rights()))
                .withEnv(request.env().entrySet().stream()
                        .map(variable -> variable.getKey() + "=" + variable.getValue())
                        .sorted()
                        .toList())
                .withLabels(request.labels())
                .withExposedPorts(exposed)
                .withHostConfig(rights(request, exposed));
    }

    static String user(ContainerRequest.Rights rights) {
        return rights == ContainerRequest.Rights.GUEST ? USER : ROOT;
    }

    /** What each of them has; the user that runs QEMU has none. */
    static List<Capability> capabilities(ContainerRequest request) {
        return switch (request.rights()) {
            case GUEST -> List.of();
            case TEMPLATES -> List.of(Capability.SETUID, Capability.SETGID);
            case ROUTER -> {
                List<Capability> capabilities = new ArrayList<>(List.of(
                        Capability.CHOWN,
                        Capability.DAC_OVERRIDE,
                        Capability.KILL,
                        Capability.NET_ADMIN,
                        Capability.SETGID,
                        Capability.SETUID));
                if (request.ipv6()) {
                    // To announce the router to the guest.
                    capabilities.add(Capability.NET_RAW);
                }
                capabilities.sort(Comparator.comparing(Capability::name));
                yield capabilities;
            }
        };
    }

    /** Devices of the host, but for the group that may open them. */
    static List<String> devices(ContainerRequest request) {
        List<String> devices = new ArrayList<>();
        if (request.kvm()) {
            devices.add(KvmNode.PATH);
        }
        if (request.rights() == ContainerRequest.Rights.ROUTER) {
            devices.add("/dev/net/tun");
        }
        return devices;
    }

    /** Of the container's own network, in order. */
    static Map<String, String> sysctls(ContainerRequest request) {
        Map<String, String> sysctls = new TreeMap<>(SYSCTLS);
        if (request.ipv6()) {
            sysctls.putAll(SYSCTLS_OF_IPV6);
        }
        return sysctls;
    }

    private HostConfig rights(ContainerRequest request, ExposedPort[] exposed) {
        String address = endpoint.publishAddress().getHostAddress();
        HostConfig config = HostConfig.newHostConfig()
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of(NO_NEW_PRIVILEGES))
                .withSysctls(sysctls(request))
                .withPortBindings(Arrays.stream(exposed)
                        .map(port -> new PortBinding(Ports.Binding.bindIp(address), port))
                        .toList());
        config.withMounts(request.volumes().stream()
                .map(volume -> new Mount()
                        .withType(volume.isFolder() ? MountType.BIND : MountType.VOLUME)
                        .withSource(volume.volume())
                        .withTarget(volume.path())
                        .withReadOnly(volume.readOnly()))
                .toList());
        request.networks().stream().findFirst().ifPresent(first -> config.withNetworkMode(first.network()));
        config.withAutoRemove(request.removedWhenEnded());
        if (request.rights() == ContainerRequest.Rights.TEMPLATES) {
            config.withCpuShares(SHARES_OF_KEEPER);
        }
        List<Capability> capabilities = capabilities(request);
        if (!capabilities.isEmpty()) {
            config.withCapAdd(capabilities.toArray(Capability[]::new));
        }
        config.withDevices(devices(request).stream()
                .map(path -> new Device(DEVICE_RIGHTS, path, path))
                .toList());
        if (request.kvm()) {
            KvmNode.group(endpoint).ifPresent(group -> config.withGroupAdd(List.of(Integer.toString(group))));
        }
        return config;
    }

    private void put(String what, ContainerId container, byte[] archive) throws InterruptedException {
        ask(
                what,
                () -> client.copyArchiveToContainerCmd(container.value())
                        .withRemotePath("/")
                        .withTarInputStream(new ByteArrayInputStream(archive))
                        .exec());
    }

    private Instant hostTime() {
        return Instant.now().plus(hostAhead);
    }

    private <T> T ask(String what, java.util.concurrent.Callable<T> call) throws InterruptedException {
        try {
            return calls.within(CALL, what, call);
        } catch (DockerException e) {
            throw calls.refused(what, e);
        }
    }

    private <T> Optional<T> find(String what, java.util.concurrent.Callable<T> call) throws InterruptedException {
        try {
            return Optional.of(calls.within(CALL, what, call));
        } catch (NotFoundException e) {
            return Optional.empty();
        } catch (DockerException e) {
            throw calls.refused(what, e);
        }
    }

    private void await(StreamCallback<?> answer, Duration timeout, String what) throws InterruptedException {
        try {
            answer.ended().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw asVirtainerException(what, e.getCause());
        } catch (TimeoutException e) {
            throw Failure.ENGINE_TIMEOUT.because(
                    "Cannot %s on %s: no answer within %d s. Try again, or restart the container engine."
                            .formatted(what, endpoint, timeout.toSeconds()),
                    e);
        }
    }

    private VirtainerException asVirtainerException(String what, Throwable thrown) {
        RuntimeException problem = calls.problem(what, thrown);
        return problem instanceof DockerException answer ? calls.refused(what, answer) : (VirtainerException) problem;
    }

    private VirtainerException refusedOrWithoutKvm(String what, DockerException answer) {
        String says = Calls.answerOf(answer);
        boolean withoutKvm = says.contains(KvmNode.PATH)
                && (says.contains("no such file") || says.contains("not a device") || says.contains("stat "));
        if (withoutKvm) {
            return Failure.PLATFORM.because(
                    "Cannot %s on %s: the host has no %s. Set acceleration to \"tcg\"."
                            .formatted(what, endpoint, KvmNode.PATH),
                    answer);
        }
        return Networking.says(says) ? Networking.refused(what, endpoint, answer) : calls.refused(what, answer);
    }

    private static boolean isNameTaken(DockerException answer) {
        // Podman answers 500 where Docker answers 409.
        return Calls.answerOf(answer).contains("name is already in use")
                || Calls.answerOf(answer).contains("is already in use by");
    }

    private VirtainerException notPulled(ImageRef image, RuntimeException problem) {
        if (problem instanceof VirtainerException known) {
            return known;
        }
        String says = problem instanceof DockerException answer
                ? Calls.answerOf(answer)
                : String.valueOf(problem.getMessage());
        return Failure.IMAGE_NOT_FOUND.because(
                "Cannot find image %s on %s, nor pull it: \"%s\". Check the name (virtainer images), or that the registry can be reached."
                        .formatted(image, endpoint, says),
                problem);
    }

    private static void pulled(PullResponseItem item, Consumer<String> progress) {
        ResponseItem.ErrorDetail error = item.getErrorDetail();
        if (error != null) {
            throw new DockerException(String.valueOf(error.getMessage()), 404);
        }
        if (item.getStatus() != null) {
            progress.accept(item.getId() == null ? item.getStatus() : item.getId() + ": " + item.getStatus());
        }
    }

    private static void deliver(Frame frame, LogListener listener) {
        if (frame.getStreamType() == StreamType.STDERR) {
            listener.stderr(frame.getPayload());
        } else {
            listener.stdout(frame.getPayload());
        }
    }

    private static void deliver(Frame frame, ExecStreams io) {
        OutputStream out = frame.getStreamType() == StreamType.STDERR ? io.stderr() : io.stdout();
        try {
            out.write(frame.getPayload());
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Terminal.Resizes followSize(String exec, Optional<Terminal> terminal) {
        return terminal.map(value -> value.onResize(size -> resize(exec, size))).orElse(() -> {});
    }

    private void resize(String exec, Terminal.Size size) {
        calls.threads().execute(() -> {
            try {
                client.resizeExecCmd(exec).withSize(size.rows(), size.columns()).exec();
            } catch (DockerException e) {
                LOGGER.log(Level.FINE, "Resizing a terminal", e);
            }
        });
    }

    private static ContainerImage image(InspectImageResponse response) {
        return new ContainerImage(
                Objects.requireNonNull(response.getId(), "id"),
                Optional.ofNullable(response.getRepoTags()).orElse(List.of()),
                Optional.ofNullable(response.getConfig())
                        .map(config -> config.getLabels())
                        .orElse(Map.of()),
                Optional.ofNullable(response.getSize()).orElse(0L),
                instant(response.getCreated()).orElse(Instant.EPOCH));
    }

    private Container container(InspectContainerResponse response) {
        InspectContainerResponse.ContainerState state = response.getState();
        Container.Phase phase = phase(state);
        boolean ended = phase == Container.Phase.ENDED;
        Long status = state.getExitCodeLong();
        Map<String, String> labels = response.getConfig().getLabels();
        return new Container(
                new ContainerId(response.getId()),
                response.getName().replaceFirst("^/", ""),
                Objects.requireNonNullElse(response.getConfig().getImage(), response.getImageId()),
                labels == null ? Map.of() : labels,
                phase,
                ended && status != null ? OptionalInt.of(Math.toIntExact(status)) : OptionalInt.empty(),
                instant(response.getCreated()).orElse(Instant.EPOCH),
                ended ? instant(state.getFinishedAt()) : Optional.empty(),
                addresses(response),
                published(response));
    }

    /** Engines write "<none>:<none>" for an image that has lost its last tag. */
    private static List<String> tags(String[] tags) {
        return tags == null
                ? List.of()
                : Arrays.stream(tags).filter(tag -> !tag.contains("<none>")).toList();
    }

    private static Container.Phase phase(InspectContainerResponse.ContainerState state) {
        String status = Objects.requireNonNullElse(state.getStatus(), "").toLowerCase(Locale.ROOT);
        return switch (status) {
            case "created", "configured", "initialized" -> Container.Phase.CREATED;
            case "running", "paused", "restarting", "stopping" -> Container.Phase.RUNNING;
            default -> Container.Phase.ENDED;
        };
    }

    private static List<NetworkAddress> addresses(InspectContainerResponse response) {
        return Optional.ofNullable(response.getNetworkSettings())
                .map(settings -> settings.getNetworks())
                .orElse(Map.of())
                .entrySet()
                .stream()
                .filter(network -> network.getValue().getIpAddress() != null
                        && !network.getValue().getIpAddress().isBlank())
                .map(network ->
                        new NetworkAddress(network.getKey(), network.getValue().getIpAddress()))
                .toList();
    }

    private Map<Port, Endpoint> published(InspectContainerResponse response) {
        Ports ports = response.getNetworkSettings() == null
                ? null
                : response.getNetworkSettings().getPorts();
        if (ports == null) {
            return Map.of();
        }
        Map<Port, Endpoint> published = new HashMap<>();
        ports.getBindings().forEach((exposed, bindings) -> {
            if (bindings != null && bindings.length > 0) {
                published.put(
                        new Port(exposed.getPort()),
                        new Endpoint(hostOf(bindings[0]), Port.parse(bindings[0].getHostPortSpec())));
            }
        });
        return published;
    }

    private String hostOf(Ports.Binding binding) {
        String address = binding.getHostIp();
        boolean every = address == null || address.isEmpty() || address.equals("0.0.0.0") || address.equals("::");
        InetAddress publish = every ? endpoint.publishAddress() : null;
        return publish == null ? address : publish.getHostAddress();
    }

    private static String product(Version version) {
        boolean podman = Optional.ofNullable(version.getComponents()).orElse(List.of()).stream()
                .anyMatch(component -> String.valueOf(component.getName()).startsWith("Podman"));
        return podman ? "Podman" : "Docker";
    }

    private static String architecture(String kernelSpelling) {
        return switch (kernelSpelling) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> kernelSpelling;
        };
    }

    /** Engines write "0001-01-01T00:00:00Z" for never. */
    private static Optional<Instant> instant(String written) {
        if (written == null || written.isBlank() || written.startsWith("0001-")) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(written).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
