package io.jenkins.plugins.virtainers.engine;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.boot.BootWatch;
import io.jenkins.plugins.virtainers.engine.errand.DataFolder;
import io.jenkins.plugins.virtainers.engine.errand.Errand;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnector;
import io.jenkins.plugins.virtainers.engine.guest.HostKey;
import io.jenkins.plugins.virtainers.engine.guest.KeyGenerator;
import io.jenkins.plugins.virtainers.engine.guest.LoginSecret;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.guest.VmState;
import io.jenkins.plugins.virtainers.engine.guest.Way;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.host.ContainerNetwork;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.host.RegistryLogins;
import io.jenkins.plugins.virtainers.engine.image.ImageSource;
import io.jenkins.plugins.virtainers.engine.image.Images;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.network.Networks;
import io.jenkins.plugins.virtainers.engine.spec.Acceleration;
import io.jenkins.plugins.virtainers.engine.spec.DiskImage;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.RuntimeVariables;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import io.jenkins.plugins.virtainers.engine.template.Templates;
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
import java.util.OptionalInt;

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
    /** Beyond the guest's own boot timeout, for the container to notice and to say so. */
    private static final Duration GRACE = Duration.ofSeconds(20);
    /** How a container ends whose guest was not given the time to power off: killed, as the host and the runtime say. */
    private static final OptionalInt CUT_OFF = OptionalInt.of(137);

    private static final String DISK_IMAGE = "/image";
    private static final String LEASE_FILE = "/run/virtainers/lease";

    private final ContainerHost host;
    private final GuestConnector connector;
    private final KeyGenerator keys;
    private final Images images;
    private final Templates templates;
    private final Networks networks;
    private final ContainerPlan plan;
    private final Ways ways;
    private final Leftovers leftovers;
    private final KvmGroups kvmGroups;
    private final Clock clock;

    /**
     * @param host where the containers are; stays the caller's to close
     * @param connector how guests are reached
     * @param keys where host keys come from
     * @param images where images come from that no registry has
     * @param clock of this machine
     */
    public VmEngine(ContainerHost host, GuestConnector connector, KeyGenerator keys, ImageSource images, Clock clock) {
        this(host, connector, keys, images, EngineSettings.usual(clock), clock);
    }

    /** @param settings in the place of the usual ones */
    public VmEngine(
            ContainerHost host,
            GuestConnector connector,
            KeyGenerator keys,
            ImageSource images,
            EngineSettings settings,
            Clock clock) {
        this.host = requireNonNull(host, "host");
        this.connector = requireNonNull(connector, "connector");
        this.keys = requireNonNull(keys, "keys");
        this.images = new Images(host, images, settings.catalogue());
        this.templates = new Templates(host, this.images);
        this.networks = new Networks(host);
        this.plan = new ContainerPlan(host);
        this.ways = new Ways(host, connector, settings.reach());
        this.leftovers = new Leftovers(host);
        this.kvmGroups = new KvmGroups(this, settings.answers());
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
     * @throws VirtainerException {@link Failure#UNSUPPORTED} when the host cannot keep it
     */
    public void warm(VmSpec spec, Progress progress) throws InterruptedException {
        if (spec.diskImage().orElse(null) instanceof DiskImage.InFile file) {
            throw new InvalidSpecException(
                    "There is no memory template of the file %s: a machine of it boots. One of an address has a template."
                            .formatted(file));
        }
        templates.require("make a template of " + spec.image());
        plan.requireRoom(spec, host.info());
        Images.Bootable bootable = images.bootable(spec, RegistryLogins.NONE, progress);
        progress.step("Making a memory template of " + spec.image());
        templates.make(bootable.spec(), bootable.image(), progress);
    }

    /** As {@link #create(VmSpec, Ownership, RegistryLogins, Progress)}, pulling its image as nobody. */
    public VmState.Booting create(VmSpec asked, Ownership ownership, Progress progress) throws InterruptedException {
        return create(asked, ownership, RegistryLogins.NONE, progress);
    }

    /**
     * Creates and starts a virtual machine. When this throws, nothing is left of it.
     *
     * @param asked what for
     * @param ownership who asks
     * @param logins who pulls its image, unless the host has it
     * @param progress is told of each step
     * @throws VirtainerException {@link Failure#UNSUPPORTED} when the host lacks what the spec asks for
     */
    public VmState.Booting create(VmSpec asked, Ownership ownership, RegistryLogins logins, Progress progress)
            throws InterruptedException {
        plan.requireRoles(asked);
        HostInfo info = host.info();
        plan.requireRoom(asked, info);
        Images.Bootable bootable = images.bootable(asked, logins, progress);
        VmSpec spec = bootable.spec();
        ContainerImage image = bootable.image();
        List<ContainerNetwork> joined = networks.ensure(spec, progress);
        Optional<DataFolder> folder = DataFolder.of(host, spec);
        if (folder.isPresent()) {
            folder.get().claim(images.ensure(ImageRef.RUNTIME, progress), ownership);
        }
        // A router's container is root and gives QEMU the group itself.
        HostInfo known =
                spec.acceleration() == Acceleration.TCG || spec.network().wantsRouter()
                        ? info
                        : kvmGroups.known(info, host.findImage(ImageRef.RUNTIME).orElse(image), ownership, progress);
        SshKeyPair hostKey = keys.ed25519(spec.name().value());
        boolean fetched = images.fetchDisk(spec, networks.of(spec), ownership, progress);
        ContainerRequest request =
                plan.of(spec, image.id(), known, joined, labels(spec, ownership, hostKey.hostKey()), fetched);
        templates.remember(spec);
        progress.step("Creating container " + spec.name() + " on " + host.address());
        Instant since = clock.instant();
        ContainerId container = Errand.startWithKvmOrWithout(host, request, made -> {
            host.putFiles(made, ContainerPlan.files(spec, hostKey));
            if (spec.diskImage().orElse(null) instanceof DiskImage.InFile given) {
                putDiskImage(made, given.file());
            }
        });
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
        return new VmState.Ready(vm, ways.to(vm, progress));
    }

    /**
     * Boots a machine again that is off, and waits until it answers SSH. Disk, keys and name are as they were; the port
     * that its host publishes for it may be another.
     *
     * @param timeout the guest's boot timeout, as for {@link #awaitReady}, which says what is thrown as well
     */
    public VmState.Ready start(Vm vm, Duration timeout, Progress progress) throws InterruptedException {
        int earlier = BootWatch.starts(host, vm.container());
        progress.step("Booting " + vm.image());
        host.start(vm.container());
        try (BootWatch watch = new BootWatch(host, vm, progress, earlier)) {
            watch.await(timeout.plus(GRACE));
        }
        return new VmState.Ready(vm, ways.to(vm, progress));
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
        return Optional.of(new VmState.Ready(vm, ways.to(vm, progress)));
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
     * How this client gets to a running guest: at its container's address if that can be reached from here, else at the
     * port that the host publishes for it, else through the host.
     *
     * @throws VirtainerException {@link Failure#NO_SUCH_VM}, {@link Failure#CONTAINER_ENDED}, {@link
     *     Failure#CONNECTION_LOST}
     */
    public Way reachable(Vm vm) throws InterruptedException {
        return ways.to(vm, Progress.SILENT);
    }

    /** Renews the lease of a virtual machine that has one. */
    public void renewLease(ContainerId container) throws InterruptedException {
        host.touch(container, LEASE_FILE);
    }

    /** Renews the lease of a virtual machine in the background, as long as it is not closed. */
    public LeaseKeeper keepAlive(Vm vm) {
        return new LeaseKeeper(this, vm);
    }

    /**
     * Powers a guest off, and ends its container when the grace time is over. It can still be inspected.
     *
     * @param grace empty for the time that the guest was promised when it was made
     * @return a sentence if the guest was cut off, which may have cost it what it had not written yet
     */
    public Optional<String> stop(ContainerId container, Optional<Duration> grace) throws InterruptedException {
        boolean ran =
                host.inspect(container.value()).filter(Container::isRunning).isPresent();
        Instant asked = clock.instant();
        host.stop(container, grace);
        if (!ran) {
            return Optional.empty();
        }
        Duration taken = Duration.between(asked, clock.instant());
        return host.inspect(container.value())
                .filter(ended -> ended.exitStatus().equals(CUT_OFF))
                .map(ended -> grace.filter(given -> taken.compareTo(given) >= 0)
                        .map(given ->
                                "%s was cut off: its guest was not off within the %d s that it was given. Give it more time."
                                        .formatted(ended.name(), given.toSeconds()))
                        .orElse(
                                "%s was cut off: its guest was not off within its STOP_TIMEOUT. Run it with a longer one (--stop-timeout)."
                                        .formatted(ended.name())));
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
        Errand.discard(host, container);
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
        return leftovers.remove(candidates(ownership.labels()));
    }

    /**
     * What anybody left behind on the host, in the sense of {@link #sweep}: for who looks after the host itself. What its
     * maker still renews, or gave no lease, is not among it.
     */
    public List<Container> leftovers() throws InterruptedException {
        return leftovers.among(candidates(Map.of(Labels.OWNER, "")));
    }

    private List<Container> candidates(Map<String, String> labels) throws InterruptedException {
        List<Container> candidates = new ArrayList<>(host.list(labels));
        candidates.addAll(host.list(Templates.KEEPERS));
        return candidates;
    }

    /**
     * Removes the keepers of templates that whoever started them left behind.
     *
     * @return the names of the removed
     */
    public List<String> sweepKeepers() throws InterruptedException {
        return leftovers.remove(host.list(Templates.KEEPERS));
    }

    private static Map<String, String> labels(VmSpec spec, Ownership ownership, HostKey hostKey) {
        Map<String, String> labels = new LinkedHashMap<>(spec.labels());
        labels.putAll(ownership.labels());
        labels.put(Labels.HOST_KEY, hostKey.toString());
        labels.put(Labels.IMAGE, spec.image().toString());
        spec.user().ifPresent(user -> labels.put(Labels.USER, user));
        spec.lease().ifPresent(lease -> labels.put(Labels.LEASE, Long.toString(lease.toSeconds())));
        labels.put(Labels.HARDWARE, Templates.label(RuntimeVariables.of(spec)));
        return labels;
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
