package io.jenkins.plugins.virtainers.engine;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Makes virtual machines on one container host, and takes them away again.
 *
 * <p>The life of one, a method each: {@link #create} → {@link #awaitReady} → {@link #connect} → {@link #remove}. Every
 * step can be taken by another process than the one before, because all that the next needs is on the container: {@link
 * #find} brings it back after a restart. Nothing else is kept here, so one instance serves any number of threads.
 *
 * <p>All methods block, have deadlines, and throw a {@link VirtainerException} whose message is a sentence for people.
 * An interruption ends them; what {@link #create} had begun is then removed.
 */
public final class VmEngine {
    private static final Logger LOGGER = Logger.getLogger(VmEngine.class.getName());

    /** Beyond the guest's own boot timeout, for the container to notice and to say so. */
    private static final Duration GRACE = Duration.ofSeconds(20);
    /** A local container's address answers at once or is not ours to reach. */
    private static final Duration DIRECT_ATTEMPT = Duration.ofSeconds(2);

    private static final Duration PUBLISHED_ATTEMPT = Duration.ofSeconds(10);
    /** Nobody waits longer than this for the exit status of an ended container. */
    private static final Duration ENDED_IN_USE = Duration.ofMinutes(1);

    private static final String DISK_IMAGE = "/image";
    private static final String LEASE_FILE = "/run/virtainers/lease";

    private final ContainerHost host;
    private final GuestConnector connector;
    private final KeyGenerator keys;
    private final Images images;
    private final Templates templates;
    private final Networks networks;
    private final Clock clock;

    /**
     * @param host where the containers are; stays the caller's to close
     * @param connector how guests are reached
     * @param keys where host keys come from
     * @param images where images come from that no registry has
     * @param clock of this machine
     */
    public VmEngine(ContainerHost host, GuestConnector connector, KeyGenerator keys, ImageSource images, Clock clock) {
        this.host = requireNonNull(host, "host");
        this.connector = requireNonNull(connector, "connector");
        this.keys = requireNonNull(keys, "keys");
        this.images = new Images(host, images);
        this.templates = new Templates(host);
        this.networks = new Networks(host);
        this.clock = requireNonNull(clock, "clock");
    }

    /** The host that this engine works on. */
    public ContainerHost host() {
        return host;
    }

    /** An image of the host that holds the runtime, for questions to the runtime; one without a guest where there is one. */
    public Optional<ContainerImage> runtimeImage() throws InterruptedException {
        Optional<ContainerImage> runtime = host.findImage(ImageRef.RUNTIME);
        return runtime.isPresent()
                ? runtime
                : host.images(Labels.CONTRACT).stream().findFirst();
    }

    /** The networks of the host. */
    public Networks networks() {
        return networks;
    }

    /** The memory templates of the host. */
    public Templates templates() {
        return templates;
    }

    /** Makes sure that the host has an image: pulls it, or has it made. */
    public ContainerImage ensureImage(ImageRef image, Progress progress) throws InterruptedException {
        return images.ensure(image, progress);
    }

    /**
     * Makes the memory template from which guests of this spec are restored, unless it is there, and waits for it.
     * Without this, the first boot has it made when its guest is ready.
     *
     * @throws InvalidSpecException when there can be none, the disk image being a file of this machine
     */
    public void warm(VmSpec spec, Progress progress) throws InterruptedException {
        if (spec.diskImage().orElse(null) instanceof DiskImage.InFile file) {
            throw new InvalidSpecException(
                    "There is no memory template of the file %s: a machine of it boots. One of an address has a template."
                            .formatted(file));
        }
        requireRoom(spec, host.info());
        ContainerImage image = images.ensure(spec.image(), progress);
        progress.step("Making a memory template of " + spec.image());
        templates.make(spec, image, progress);
    }

    /**
     * Creates and starts a virtual machine. When this throws, nothing is left of it.
     *
     * @param spec what is asked for
     * @param ownership who asks
     * @param progress is told of each step
     */
    public VmState.Booting create(VmSpec spec, Ownership ownership, Progress progress) throws InterruptedException {
        HostInfo info = host.info();
        requireRoom(spec, info);
        ContainerImage image = images.ensure(spec.image(), progress);
        List<ContainerNetwork> joined = networks.ensure(spec, progress);
        SshKeyPair hostKey = keys.ed25519(spec.name().value());
        ContainerRequest request = request(spec, ownership, image, hostKey.hostKey(), info, joined);
        templates.remember(spec);
        progress.step("Creating container " + spec.name() + " on " + host.address());
        Instant since = clock.instant();
        ContainerId container = createStarted(request, files(spec, hostKey), spec.diskImage());
        return new VmState.Booting(vm(container, spec, image, hostKey.hostKey(), info.time()), since);
    }

    /**
     * The virtual machine of an agent, if there is one: what to look for before {@link #create} when an earlier attempt
     * may have got somewhere. It may be ready already, or dead; {@link #awaitReady} tells.
     */
    public Optional<VmState.Booting> find(Ownership ownership) throws InterruptedException {
        if (ownership.agent().isEmpty()) {
            throw new IllegalArgumentException("only an agent has one virtual machine");
        }
        return host.list(ownership.labels()).stream()
                .flatMap(container -> Vm.of(container).stream())
                .findFirst()
                .map(vm -> new VmState.Booting(vm, clock.instant()));
    }

    /** The virtual machine with this name, whoever made it, and its container. */
    public Optional<Container> inspect(VmName name) throws InterruptedException {
        return host.inspect(name.value())
                .filter(container -> container.label(Labels.OWNER).isPresent());
    }

    /**
     * Waits until the guest answers SSH, its keys and user data being applied. Callable again, also for one that is
     * ready.
     *
     * @param timeout the guest's boot timeout; the container itself gives up then, this method shortly after
     * @throws VirtainerException what the container's end stands for, {@link Failure#CONTAINER_ENDED}, {@link
     *     Failure#NOT_READY}, or what befell the host; quotes the guest's console. The container is left as it is.
     */
    public VmState.Ready awaitReady(VmState.Booting booting, Duration timeout, Progress progress)
            throws InterruptedException {
        Vm vm = booting.vm();
        progress.step("Booting " + vm.image());
        try (BootWatch watch = new BootWatch(host, vm, progress)) {
            watch.await(timeout.plus(GRACE));
            if (watch.wantedTemplate().isPresent()) {
                templates.makeWanted(vm, watch.wantedTemplate().get());
            }
        }
        return new VmState.Ready(vm, reachable(vm));
    }

    /**
     * Waits as {@link #awaitReady} does, unless the guest boots although it could have been restored, had its memory
     * template been there. Who wants nothing to be made behind its back discards such a guest, calls {@link #warm}, and
     * creates another; {@link #awaitReady} has the template made when the guest is ready.
     *
     * @return empty as soon as it is known that a template is missing; the guest goes on booting
     */
    public Optional<VmState.Ready> awaitReadyUnlessTemplateIsMissing(
            VmState.Booting booting, Duration timeout, Progress progress) throws InterruptedException {
        Vm vm = booting.vm();
        progress.step("Booting " + vm.image());
        try (BootWatch watch = new BootWatch(host, vm, progress)) {
            if (!watch.awaitUnlessTemplateIsMissing(timeout.plus(GRACE))) {
                return Optional.empty();
            }
        }
        return Optional.of(new VmState.Ready(vm, reachable(vm)));
    }

    /**
     * Logs in to a guest.
     *
     * @param secret the key whose public half the guest was created with, or the password that its user data gave it
     * @throws VirtainerException {@link Failure#WRONG_HOST_KEY}, {@link Failure#LOGIN_REFUSED}, {@link
     *     Failure#CONNECTION_LOST}
     */
    public GuestConnection connect(VmState.Ready ready, LoginSecret secret, Duration timeout)
            throws InterruptedException {
        Vm vm = ready.vm();
        return connector.connect(ready.ssh(), vm.hostKey(), vm.user(), secret, timeout);
    }

    /**
     * Where a running guest answers this client: at its container's address if that can be reached from here, else at
     * the port that the host publishes for it.
     *
     * @throws VirtainerException {@link Failure#NO_SUCH_VM}, {@link Failure#CONTAINER_ENDED}, {@link
     *     Failure#CONNECTION_LOST}
     */
    public Endpoint reachable(Vm vm) throws InterruptedException {
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
        List<Endpoint> tried = new ArrayList<>();
        if (host.isLocal()) {
            for (String address : container.addresses()) {
                Endpoint direct = new Endpoint(address, Port.SSH);
                if (connector.answers(direct, DIRECT_ATTEMPT)) {
                    return direct;
                }
                tried.add(direct);
            }
        }
        Endpoint published = container.published().get(Port.SSH);
        if (published != null) {
            if (connector.answers(published, PUBLISHED_ATTEMPT)) {
                return published;
            }
            tried.add(published);
        }
        throw Failure.CONNECTION_LOST.because(
                "Cannot reach %s on %s: no SSH server answers this machine at %s. Check the network in between."
                        .formatted(vm.name(), host.address(), tried));
    }

    /** Renews the lease of a virtual machine that has one. */
    public void renewLease(ContainerId container) throws InterruptedException {
        host.touch(container, LEASE_FILE);
    }

    /** Renews the lease of a virtual machine in the background, as long as it is not closed. */
    public LeaseKeeper keepAlive(Vm vm) {
        return new LeaseKeeper(this, vm);
    }

    /** Powers a guest off, and ends its container when the grace time is over. It can still be inspected. */
    public void stop(ContainerId container, Duration grace) throws InterruptedException {
        host.stop(container, grace);
    }

    /** Removes a virtual machine, running or not, and all that it wrote. Does nothing when there is none. */
    public void remove(ContainerId container) throws InterruptedException {
        host.remove(container);
    }

    /**
     * Removes a virtual machine on the way out: also when this thread was interrupted, whose flag stays set; a failure is
     * logged, for the caller has a better one to report, and the lease or the next {@link #sweep} finishes the work.
     */
    public void discard(ContainerId container) {
        Uninterrupted.run(() -> {
            try {
                host.remove(container);
            } catch (VirtainerException e) {
                LOGGER.log(Level.WARNING, "Cannot remove container {0}: {1}", new Object[] {container, e.getMessage()});
            }
        });
    }

    /** Every virtual machine of this owner, with its container, running or not. */
    public List<Container> list(Ownership ownership) throws InterruptedException {
        return host.list(ownership.labels());
    }

    /**
     * Removes what this owner left behind: leased virtual machines that ended, or that were created and never started,
     * longer ago than anybody still waits for them; and keepers of templates likewise, whoever started them. Removes
     * nothing when the host's list cannot be read in full.
     *
     * @return the names of the removed
     */
    public List<String> sweep(Ownership ownership) throws InterruptedException {
        List<Container> candidates = new ArrayList<>(host.list(ownership.labels()));
        candidates.addAll(host.list(Templates.KEEPERS));
        return sweep(candidates);
    }

    /**
     * Removes the keepers of templates that whoever started them left behind.
     *
     * @return the names of the removed
     */
    public List<String> sweepKeepers() throws InterruptedException {
        return sweep(host.list(Templates.KEEPERS));
    }

    private List<String> sweep(List<Container> candidates) throws InterruptedException {
        if (candidates.stream().allMatch(Container::isRunning)) {
            return List.of();
        }
        Instant now = host.info().time();
        List<String> removed = new ArrayList<>();
        for (Container container : candidates) {
            if (isLapsed(container, now)) {
                host.remove(container.id());
                removed.add(container.name());
            }
        }
        return removed;
    }

    private static boolean isLapsed(Container container, Instant now) {
        Optional<Duration> lease = container.label(Labels.KEEPER).isPresent()
                ? Optional.of(ENDED_IN_USE)
                : container.label(Labels.LEASE).map(Long::valueOf).map(Duration::ofSeconds);
        if (lease.isEmpty()) {
            return false;
        }
        return switch (container.phase()) {
            case RUNNING -> false;
            case CREATED -> container.created().plus(lease.get()).isBefore(now);
            case ENDED ->
                container.ended().orElse(container.created()).plus(ENDED_IN_USE).isBefore(now);
        };
    }

    private void requireRoom(VmSpec spec, HostInfo info) {
        if (spec.memory().compareTo(info.memory()) > 0) {
            throw Failure.HOST_TOO_SMALL.because(
                    "Cannot boot %s on %s: %s of memory were asked for and the host has %s. Ask for less, or use a larger host."
                            .formatted(spec.image(), host.address(), spec.memory(), info.memory()));
        }
    }

    private ContainerRequest request(
            VmSpec spec,
            Ownership ownership,
            ContainerImage image,
            HostKey hostKey,
            HostInfo info,
            List<ContainerNetwork> joined) {
        Map<String, String> labels = new LinkedHashMap<>(spec.labels());
        labels.putAll(ownership.labels());
        labels.put(Labels.REQUEST, UUID.randomUUID().toString());
        labels.put(Labels.HOST_KEY, hostKey.toString());
        labels.put(Labels.IMAGE, spec.image().toString());
        spec.user().ifPresent(user -> labels.put(Labels.USER, user));
        spec.lease().ifPresent(lease -> labels.put(Labels.LEASE, Long.toString(lease.toSeconds())));
        labels.put(Labels.HARDWARE, Templates.label(RuntimeVariables.of(spec)));
        return planned(spec, image.id(), info, joined).labels(labels).build();
    }

    /**
     * The container that {@link #create} would make, but for its labels and its files.
     *
     * @param image as the host knows it
     * @param joined what {@link Networks#joined} says
     */
    public static ContainerRequest plan(VmSpec spec, String image, HostInfo info, List<ContainerNetwork> joined) {
        return planned(spec, image, info, joined).build();
    }

    private static ContainerRequest.Builder planned(
            VmSpec spec, String image, HostInfo info, List<ContainerNetwork> joined) {
        Map<String, String> variables = RuntimeVariables.of(spec);
        List<VolumeMount> volumes = new ArrayList<>(Templates.volumes(spec));
        String imageDir = variables.getOrDefault("IMAGE_DIR", RuntimeVariables.USUAL_IMAGE_DIR);
        spec.data().ifPresent(data -> volumes.add(new VolumeMount(data, imageDir, false)));
        volumes.addAll(Images.volumes(variables));
        return ContainerRequest.of(image, spec.name())
                .env(variables)
                .published(published(spec, variables))
                .networks(Networks.of(spec))
                .rights(spec.network().wantsRouter() ? ContainerRequest.Rights.ROUTER : ContainerRequest.Rights.GUEST)
                .ipv6(spec.network() == NetworkMode.NAT && joined.stream().anyMatch(ContainerNetwork::ipv6))
                .kvm(spec.acceleration() != Acceleration.TCG && info.kvm() != HostInfo.KvmDevice.ABSENT)
                .volumes(volumes);
    }

    private static List<Port> published(VmSpec spec, Map<String, String> variables) {
        List<Port> ports = new ArrayList<>(spec.ports());
        if (RuntimeVariables.haveScreen(variables) && !ports.contains(GuestScreen.BROWSER)) {
            ports.add(GuestScreen.BROWSER);
        }
        return ports;
    }

    private static List<ContainerFile> files(VmSpec spec, SshKeyPair hostKey) {
        List<ContainerFile> files = new ArrayList<>();
        files.add(ContainerFile.secret("/tmp/ssh_host_ed25519_key", hostKey.privatePem()));
        if (!spec.authorizedKeys().isEmpty()) {
            files.add(ContainerFile.of("/tmp/id_rsa.pub", String.join("\n", spec.authorizedKeys()) + "\n"));
        }
        spec.userData().ifPresent(data -> files.add(ContainerFile.secret("/tmp/user-data", data)));
        spec.metaData().ifPresent(data -> files.add(ContainerFile.of("/tmp/meta-data", data)));
        spec.vnc().ifPresent(password -> files.add(ContainerFile.secret("/tmp/vnc-password", password.value() + "\n")));
        spec.seed().ifPresent(seed -> files.add(ContainerFile.of("/tmp/cloud_init.iso", seed.content())));
        return files;
    }

    private ContainerId createStarted(
            ContainerRequest request, List<ContainerFile> files, Optional<DiskImage> diskImage)
            throws InterruptedException {
        try {
            return attempt(request, files, diskImage);
        } catch (FixConfigurationException e) {
            if (e.failure() != Failure.PLATFORM || !request.kvm()) {
                throw e;
            }
            LOGGER.log(Level.FINE, "No /dev/kvm on {0}: creating the container without", host.address());
            return attempt(request.withoutKvm(), files, diskImage);
        }
    }

    private ContainerId attempt(ContainerRequest request, List<ContainerFile> files, Optional<DiskImage> diskImage)
            throws InterruptedException {
        boolean started = false;
        try {
            ContainerId container = host.create(request);
            host.putFiles(container, files);
            if (diskImage.orElse(null) instanceof DiskImage.InFile image) {
                putDiskImage(container, image.file());
            }
            host.start(container);
            started = true;
            return container;
        } finally {
            if (!started) {
                discardUnanswered(request);
            }
        }
    }

    private void putDiskImage(ContainerId container, Path file) throws InterruptedException {
        try (InputStream content = Files.newInputStream(file)) {
            host.writeFile(container, DISK_IMAGE, content, Files.size(file));
        } catch (IOException e) {
            throw Failure.IMAGE_MISSING.because(
                    "Cannot read the disk image %s: %s. Name a file that can be read.".formatted(file, e.getMessage()),
                    e);
        }
    }

    /** The reply to a creation may be lost although the container was made, so it is looked for by its label. */
    private void discardUnanswered(ContainerRequest request) {
        String requestId = request.labels().get(Labels.REQUEST);
        Uninterrupted.run(() -> {
            try {
                host.list(Map.of(Labels.REQUEST, requestId)).forEach(container -> discard(container.id()));
            } catch (VirtainerException e) {
                LOGGER.log(Level.FINE, "Cannot look for the remains of " + request.name(), e);
            }
        });
    }

    private static Vm vm(ContainerId container, VmSpec spec, ContainerImage image, HostKey hostKey, Instant created) {
        return new Vm(
                container,
                spec.name(),
                spec.image().toString(),
                spec.user().or(() -> image.label(Labels.USER)).orElse("root"),
                hostKey,
                spec.lease(),
                created);
    }
}
