package io.jenkins.plugins.virtainers.engine;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.FixConfigurationException;
import io.jenkins.plugins.virtainers.engine.failure.GiveUpException;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.failure.TryAgainException;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.FakeGuests;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.guest.GuestScreen;
import io.jenkins.plugins.virtainers.engine.guest.HostKey;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.guest.Tunnel;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.guest.VmState;
import io.jenkins.plugins.virtainers.engine.guest.Way;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost.Call;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.host.Volumes;
import io.jenkins.plugins.virtainers.engine.image.ImageSource;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.GuestExit;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.io.RuntimeEvent;
import io.jenkins.plugins.virtainers.engine.spec.Acceleration;
import io.jenkins.plugins.virtainers.engine.spec.BootMode;
import io.jenkins.plugins.virtainers.engine.spec.DiskImage;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import io.jenkins.plugins.virtainers.engine.spec.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.spec.NetworkMode;
import io.jenkins.plugins.virtainers.engine.spec.Port;
import io.jenkins.plugins.virtainers.engine.spec.PublishedPort;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import io.jenkins.plugins.virtainers.engine.spec.VncPassword;
import io.jenkins.plugins.virtainers.engine.template.Templates;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VmEngineTest {
    private static final Ownership OWNER = Ownership.of("test");
    private static final Duration SOON = Duration.ofSeconds(30);

    private final FakeContainerHost host = new FakeContainerHost();
    private final FakeGuests guests = new FakeGuests();
    private final OpenSshKeys keys = new OpenSshKeys();
    private final SshKeyPair key = keys.ed25519("me");
    private final VmEngine engine = engine(ImageSource.NONE);

    private VmEngine engine(ImageSource images) {
        return new VmEngine(host, guests, keys, images, Clock.systemUTC());
    }

    private static VmSpec.Builder lie(String lie) {
        return VmSpec.of(FakeContainerHost.IMAGE).env("LIE", lie);
    }

    private VmState.Booting create(String lie) throws InterruptedException {
        return engine.create(lie(lie).authorizedKey(key.publicLine()).build(), OWNER, Progress.SILENT);
    }

    @Test
    void claimsTheFolderOfADiskBeforeItsGuestIsThere() throws Exception {
        host.addImage(ImageRef.RUNTIME, Map.of(Labels.CONTRACT, "1"));
        host.endNext(77, "virtainers: +0.100s failed: rights: it belongs to uid 33");
        VmSpec spec = lie("ready").name(new VmName("web")).data("/srv/web").build();
        VirtainerException e =
                assertThrows(VirtainerException.class, () -> engine.create(spec, OWNER, Progress.SILENT));
        assertEquals(Failure.RIGHTS, e.failure());
        assertTrue(e.getMessage().startsWith("Cannot keep the disk of web in /srv/web on "), e.getMessage());
        assertTrue(host.isEmpty());
        assertEquals(
                host.findImage(ImageRef.RUNTIME).orElseThrow().id(),
                host.removed().get(0).request().image(),
                "a guest's image has no rights over folders of the host");

        VmState.Booting booting = engine.create(spec, OWNER, Progress.SILENT);
        assertEquals(booting.vm().container(), host.onlyContainer().describe().id());
    }

    @Test
    void leadsFromASpecToALoginAndBackToNothing() throws Exception {
        VmState.Booting booting = create("ready");
        VmState.Ready ready = engine.awaitReady(booting, SOON, Progress.SILENT);
        try (GuestConnection guest = engine.connect(ready, key, SOON)) {
            guests.run((line, streams) -> GuestExit.ofStatus(7));
            assertEquals(
                    7,
                    guest.run("anything", ExecStreams.output(System.out, System.err))
                            .status());
        }
        assertEquals(List.of("liar@192.0.2.1:22"), guests.logins());
        engine.remove(booting.vm().container());
        assertTrue(host.isEmpty());
    }

    @Test
    void bootsAgainWhatIsOff() throws Exception {
        VmState.Ready ready = engine.awaitReady(create("ready"), SOON, Progress.SILENT);
        engine.stop(ready.vm().container(), Optional.of(SOON));
        assertFalse(engine.inspect(ready.vm().name()).orElseThrow().isRunning());
        VmState.Ready again = engine.start(ready.vm(), SOON, Progress.SILENT);
        assertEquals(ready, again);
        assertTrue(engine.inspect(ready.vm().name()).orElseThrow().isRunning());
    }

    @Test
    void takesNoEarlierBootForThisOne() throws Exception {
        VmState.Ready ready = engine.awaitReady(create("ready"), SOON, Progress.SILENT);
        engine.stop(ready.vm().container(), Optional.of(SOON));
        host.endNext(73, "virtainers: +0.100s failed: disk-full: no space");
        VirtainerException e =
                assertThrows(VirtainerException.class, () -> engine.start(ready.vm(), SOON, Progress.SILENT));
        assertEquals(Failure.DISK_FULL, e.failure());
    }

    @Test
    void sendsNoSecretButInFiles() throws Exception {
        create("ready");
        ContainerRequest request = host.onlyContainer().request();
        String visible = request.toString();
        assertFalse(visible.contains("PRIVATE KEY"), visible);
        ContainerFile hostKey = host.onlyContainer().files().get("/tmp/ssh_host_ed25519_key");
        assertEquals(0400, hostKey.mode());
        assertFalse(hostKey.toString().contains("PRIVATE KEY"));
    }

    @Test
    void handsThePasswordOfTheScreenOverInAFileAndPublishesTheScreen() throws Exception {
        VmSpec spec = lie("ready").vnc(new VncPassword("secret")).build();
        assertFalse(spec.toString().contains("secret"), spec.toString());
        engine.create(spec, OWNER, Progress.SILENT);
        ContainerRequest request = host.onlyContainer().request();
        assertFalse(request.toString().contains("secret"), request.toString());
        assertEquals("on", request.env().get("VNC"));
        assertTrue(request.published().contains(PublishedPort.of(GuestScreen.BROWSER)));
        assertFalse(request.env().get("PORTS").contains("6080"), "it is not the guest's");
        assertEquals(
                ContainerFile.secret("/tmp/vnc-password", "secret\n"),
                host.onlyContainer().files().get("/tmp/vnc-password"));
    }

    private static VmSpec.Builder ofDisk(DiskImage image) {
        return lie("ready").diskImage(image).user("fedora");
    }

    @Test
    void makesNoTemplateOfAFile() {
        VmSpec spec = ofDisk(new DiskImage.InFile(Path.of("disk.qcow2"))).build();
        assertThrows(InvalidSpecException.class, () -> engine.warm(spec, Progress.SILENT));
        assertTrue(host.isEmpty());
    }

    @Test
    void bootsADiskImageOfTheCallersAndLogsInAsItsUser(@TempDir Path directory) throws Exception {
        Path disk = Files.writeString(directory.resolve("disk.qcow2"), "a disk");
        VmState.Booting booting =
                engine.create(ofDisk(new DiskImage.InFile(disk)).build(), OWNER, Progress.SILENT);
        assertEquals(
                ContainerFile.Content.of("a disk"),
                host.onlyContainer().files().get("/image").content());
        assertEquals(List.of(), host.onlyContainer().request().volumes(), "no template can be made of it");
        assertEquals("fedora", booting.vm().user());
        Container found = engine.inspect(booting.vm().name()).orElseThrow();
        assertEquals("fedora", Vm.of(found).orElseThrow().user());
    }

    @Test
    void leavesNothingWhenADiskImageCannotBeRead(@TempDir Path directory) {
        VmSpec spec = ofDisk(new DiskImage.InFile(directory.resolve("none"))).build();
        VirtainerException e =
                assertThrows(VirtainerException.class, () -> engine.create(spec, OWNER, Progress.SILENT));
        assertEquals(Failure.IMAGE_MISSING, e.failure());
        assertTrue(host.isEmpty());
    }

    @Test
    void bootsWithoutTemplatesOnAHostWithoutVolumes() throws Exception {
        host.lack(FakeContainerHost.Role.VOLUMES);
        engine.create(ofDisk(new DiskImage.AtAddress("https://example.org/i")).build(), OWNER, Progress.SILENT);
        assertEquals(List.of(), host.onlyContainer().request().volumes());
    }

    @Test
    void saysThatAHostHasNoVolumesBeforeItMakesAnything() {
        host.lack(FakeContainerHost.Role.VOLUMES);
        VmName web = new VmName("web");
        assertUnsupported(
                "keep the disk of web in web-disk",
                () -> engine.create(lie("ready").name(web).data("web-disk").build(), OWNER, Progress.SILENT));
        assertUnsupported(
                "restore liar:1 from a memory template",
                () -> engine.create(lie("ready").boot(BootMode.RESTORE).build(), OWNER, Progress.SILENT));
        assertUnsupported(
                "make a template of liar:1", () -> engine.warm(lie("ready").build(), Progress.SILENT));
        assertEquals(List.of(), host.calls());
    }

    private static void assertUnsupported(String what, Executable call) {
        VirtainerException e = assertThrows(FixConfigurationException.class, call);
        assertEquals(Failure.UNSUPPORTED, e.failure());
        assertEquals(
                "Cannot %s on fake://host: a container host of this kind has no volumes; Docker and Podman have."
                        .formatted(what),
                e.getMessage());
    }

    /** What one guest boots from, others do as well. */
    @Test
    void aGuestReadsItsFetchedImageAloneAndTheRuntimeFetchesIt() throws Exception {
        host.addImage(ImageRef.RUNTIME, Map.of(Labels.CONTRACT, "1"));
        host.addNetwork("office", "10.9.0.0/16");
        VmSpec spec = ofDisk(new DiskImage.AtAddress("https://example.org/i"))
                .checksum("0a")
                .env("http_proxy", "http://proxy:3128")
                .join(NetworkJoin.parse("office=10.9.0.9"))
                .build();
        engine.create(spec, OWNER, Progress.SILENT);
        ContainerRequest fetch = host.removed().get(0).request();
        assertEquals(host.findImage(ImageRef.RUNTIME).orElseThrow().id(), fetch.image());
        assertEquals(List.of("fetch"), fetch.command());
        assertEquals(ContainerRequest.Rights.GUEST, fetch.rights());
        assertEquals(List.of(new Volumes.Mount("virtainers-images", "/images", false)), fetch.volumes());
        assertEquals("https://example.org/i", fetch.env().get("IMAGE_URL"));
        assertEquals("0a", fetch.env().get("IMAGE_CHECKSUM"));
        assertEquals("http://proxy:3128", fetch.env().get("http_proxy"));
        assertEquals(List.of(NetworkJoin.of("office")), fetch.networks());
        assertTrue(host.onlyContainer()
                .request()
                .volumes()
                .contains(new Volumes.Mount("virtainers-images", "/images", true)));
    }

    @Test
    void anImageThatCannotBeFetchedLeavesNothing() throws Exception {
        host.addImage(ImageRef.RUNTIME, Map.of(Labels.CONTRACT, "1"));
        host.endNext(66, "virtainers: +0.100s failed: image-missing: https://example.org/i cannot be fetched: 404");
        VmSpec spec = ofDisk(new DiskImage.AtAddress("https://example.org/i")).build();
        VirtainerException e =
                assertThrows(VirtainerException.class, () -> engine.create(spec, OWNER, Progress.SILENT));
        assertEquals(Failure.IMAGE_MISSING, e.failure());
        assertTrue(e.getMessage().contains("https://example.org/i cannot be fetched: 404"), e.getMessage());
        assertTrue(host.isEmpty());
    }

    @Test
    void givesAContainerItsGuestsMemoryAndWhatQemuTakes() throws Exception {
        VmSpec spec = VmSpec.of(ImageRef.parse("debian:12"))
                .memory(MemorySize.parse("4G"))
                .cpus(3)
                .build();
        assertEquals(
                Optional.of(new ContainerRequest.Limits(MemorySize.parse("6G"), 1027)),
                new ContainerPlan(host).of(spec, "liar", host.info(), List.of()).limits());
    }

    @Test
    void keepsWhatIsFetchedForTheNextGuest() {
        DiskImage image = new DiskImage.AtAddress("https://example.org/i");
        VmSpec spec = ofDisk(image).checksum("0a").build();
        Volumes.Mount fetched = new Volumes.Mount("virtainers-images", "/images", false);
        HostInfo info = new HostInfo(
                "Fake",
                "1",
                "OS",
                "amd64",
                1,
                MemorySize.parse("1G"),
                Optional.empty(),
                HostInfo.KvmDevice.ABSENT,
                Optional.empty(),
                true,
                true,
                Instant.EPOCH);
        assertTrue(new ContainerPlan(host)
                .of(spec, "liar", info, List.of())
                .volumes()
                .contains(fetched));
        Map<String, String> variables =
                new ContainerPlan(host).of(spec, "liar", info, List.of()).env();
        assertEquals("https://example.org/i", variables.get("IMAGE_URL"));
        assertEquals("0a", variables.get("IMAGE_CHECKSUM"));
        VmSpec elsewhere = ofDisk(image).env("IMAGE_CACHE", "/c").build();
        assertFalse(new ContainerPlan(host)
                .of(elsewhere, "liar", info, List.of())
                .volumes()
                .contains(fetched));
    }

    @ParameterizedTest
    @EnumSource(
            value = NetworkMode.class,
            names = {"NAT", "BRIDGE"})
    void makesARouterForANetworkThatWantsOne(NetworkMode network) throws Exception {
        engine.create(lie("ready").network(network).build(), OWNER, Progress.SILENT);
        assertEquals(
                ContainerRequest.Rights.ROUTER, host.onlyContainer().request().rights());
    }

    @Test
    void givesEachGuestAHostKeyOfItsOwnAndWritesItOnTheContainer() throws Exception {
        HostKey one = create("ready").vm().hostKey();
        HostKey other = create("ready").vm().hostKey();
        assertFalse(one.equals(other));
        List<HostKey> labelled = engine.list(OWNER).stream()
                .map(container -> Vm.of(container).orElseThrow().hostKey())
                .toList();
        assertTrue(labelled.containsAll(List.of(one, other)));
    }

    @Test
    void refusesAGuestThatShowsAnotherHostKey() throws Exception {
        VmState.Ready ready = engine.awaitReady(create("ready"), SOON, Progress.SILENT);
        guests.show(keys.ed25519("stranger").hostKey());
        assertEquals(
                Failure.WRONG_HOST_KEY,
                assertThrows(GiveUpException.class, () -> engine.connect(ready, key, SOON))
                        .failure());
    }

    @ParameterizedTest
    @EnumSource(
            value = Call.class,
            names = {"CREATE", "PUT_FILES", "START"})
    void leavesNothingWhenAStepFails(Call step) {
        host.failNext(step, Failure.ENGINE_REFUSED.because("No."));
        VirtainerException no = assertThrows(VirtainerException.class, () -> create("ready"));
        assertEquals("No.", no.getMessage());
        assertTrue(host.isEmpty());
    }

    @ParameterizedTest
    @EnumSource(
            value = Call.class,
            names = {"CREATE", "PUT_FILES", "START"})
    void leavesNothingWhenAStepWorksAndItsReplyIsLost(Call step) {
        host.loseReplyOfNext(step);
        assertThrows(TryAgainException.class, () -> create("ready"));
        assertTrue(host.isEmpty());
    }

    @ParameterizedTest
    @EnumSource(
            value = Call.class,
            names = {"INFO", "FIND_IMAGE", "PUT_FILES", "START"})
    void leavesNothingWhenItIsInterruptedInAStep(Call step) throws Exception {
        CountDownLatch reached = host.hangNext(step);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread worker = new Thread(() -> {
            try {
                create("ready");
            } catch (InterruptedException | RuntimeException e) {
                thrown.set(e);
            }
        });
        worker.start();
        assertTrue(reached.await(10, TimeUnit.SECONDS));
        worker.interrupt();
        worker.join(10_000);
        assertTrue(thrown.get() instanceof InterruptedException, String.valueOf(thrown.get()));
        assertTrue(host.isEmpty());
    }

    @Test
    void quotesTheConsoleOfAGuestThatPanicked() throws Exception {
        VmState.Booting booting = create("panic");
        GiveUpException panic =
                assertThrows(GiveUpException.class, () -> engine.awaitReady(booting, SOON, Progress.SILENT));
        assertEquals(Failure.GUEST_FAILED, panic.failure());
        assertTrue(
                panic.getMessage().startsWith("Cannot boot liar:1 on fake://host: the guest's kernel panicked"),
                panic.getMessage());
        assertTrue(panic.getMessage().contains("| Kernel panic - not syncing"), panic.getMessage());
        assertFalse(panic.getMessage().contains("\u001b"));
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void translatesTheStatusOfEveryEndThatTheContractNames(Failure failure) throws Exception {
        if (Failure.ofContainerStatus(failure.exitStatus()).isEmpty()) {
            return; // one of the client's own
        }
        VmState.Booting booting = create("fail %d %s the reason.".formatted(failure.exitStatus(), failure.code()));
        VirtainerException ended =
                assertThrows(VirtainerException.class, () -> engine.awaitReady(booting, SOON, Progress.SILENT));
        assertEquals(failure, ended.failure());
        assertTrue(ended.getMessage().contains("the reason."), ended.getMessage());
    }

    @Test
    void noticesAKilledContainerAtOnce() throws Exception {
        VmState.Booting booting = create("idle");
        CompletableFuture<Throwable> problem = awaiting(booting, SOON);
        host.killAll(137);
        Throwable thrown = problem.get(5, TimeUnit.SECONDS);
        assertEquals(Failure.CONTAINER_ENDED, ((VirtainerException) thrown).failure());
        assertTrue(thrown.getMessage().contains("killed (status 137)"), thrown.getMessage());
    }

    @Test
    void noticesAHostThatIsLostWhileBooting() throws Exception {
        VmState.Booting booting = create("idle");
        CompletableFuture<Throwable> problem = awaiting(booting, SOON);
        host.crash();
        assertEquals(Failure.ENGINE_UNREACHABLE, ((VirtainerException) problem.get(5, TimeUnit.SECONDS)).failure());
    }

    private CompletableFuture<Throwable> awaiting(VmState.Booting booting, Duration timeout) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                engine.awaitReady(booting, timeout, Progress.SILENT);
                return new AssertionError("ready");
            } catch (InterruptedException | RuntimeException e) {
                return e;
            }
        });
    }

    @Test
    void waitsAgainForAGuestThatIsReady() throws Exception {
        VmState.Booting booting = create("ready");
        engine.awaitReady(booting, SOON, Progress.SILENT);
        assertEquals(
                Port.SSH,
                engine.awaitReady(booting, SOON, Progress.SILENT)
                        .ssh()
                        .endpoint()
                        .port());
    }

    @Test
    void takesThePublishedPortWhereTheContainersAddressIsOutOfReach() throws Exception {
        guests.silence("192.0.2.1");
        assertEquals(
                Way.at(new Endpoint("127.0.0.1", new Port(40022))),
                engine.awaitReady(create("ready"), SOON, Progress.SILENT).ssh());
    }

    @Test
    void goesThroughTheHostWhereNoAddressOfTheGuestIsInReach() throws Exception {
        guests.silence("192.0.2.1");
        guests.silence("127.0.0.1");
        VmState.Booting booting = create("ready");
        List<String> steps = new ArrayList<>();
        VmState.Ready ready = engine.awaitReady(booting, SOON, new Progress() {
            @Override
            public void step(String sentence) {
                steps.add(sentence);
            }
        });
        assertEquals(new Tunnel(host, booting.vm()), ready.ssh());
        assertEquals(
                "Reaching %s through %s, as no SSH server answers this machine at [192.0.2.1:22, 127.0.0.1:40022]"
                        .formatted(booting.vm().name(), host.address()),
                steps.get(steps.size() - 1));
        assertEquals(ready.ssh(), engine.reachable(booting.vm()), "found again");
    }

    @Test
    void saysWhereItTriedToReachAGuestThatNobodyReaches() throws Exception {
        guests.silence("192.0.2.1");
        guests.silence("127.0.0.1");
        VmState.Booting booting = create("ready");
        guests.silence(booting.vm().name().value());
        TryAgainException lost =
                assertThrows(TryAgainException.class, () -> engine.awaitReady(booting, SOON, Progress.SILENT));
        assertTrue(lost.getMessage().contains("[192.0.2.1:22, 127.0.0.1:40022], and none"), lost.getMessage());
    }

    @Test
    void findsTheMachineOfAnAgentAgain() throws Exception {
        Ownership agent = Ownership.ofAgent("controller", "cloud", "agent-1");
        VmState.Booting created = engine.create(lie("ready").build(), agent, Progress.SILENT);
        VmState.Booting found = engine.find(agent).orElseThrow();
        assertEquals(created.vm().container(), found.vm().container());
        assertEquals(created.vm().hostKey(), found.vm().hostKey());
        assertEquals(Optional.empty(), engine.find(Ownership.ofAgent("controller", "cloud", "agent-2")));
        assertEquals(Optional.empty(), engine.find(Ownership.ofAgent("another", "cloud", "agent-1")));
    }

    @Test
    void refusesMoreMemoryThanTheHostHas() {
        host.setMemory(MemorySize.parse("2G"));
        FixConfigurationException no = assertThrows(
                FixConfigurationException.class,
                () -> engine.create(lie("ready").memory(MemorySize.parse("4G")).build(), OWNER, Progress.SILENT));
        assertEquals(Failure.HOST_TOO_SMALL, no.failure());
        assertTrue(no.getMessage().contains("4G of memory were asked for and the host has 2G"), no.getMessage());
    }

    @Test
    void refusesAnImageThatIsNoVirtainer() {
        host.addImage(ImageRef.parse("example.org/alpine:3"), Map.of());
        assertEquals(
                Failure.NOT_A_VIRTAINER,
                assertThrows(
                                FixConfigurationException.class,
                                () -> engine.create(
                                        VmSpec.of(ImageRef.parse("example.org/alpine:3"))
                                                .build(),
                                        OWNER,
                                        Progress.SILENT))
                        .failure());
    }

    @Test
    void makesAnImageThatNoRegistryHas() throws Exception {
        List<String> made = new ArrayList<>();
        VmEngine building = engine((image, progress) -> {
            made.add(image.toString());
            host.addImage(image, Map.of(Labels.CONTRACT, "1", Labels.USER, "debian"));
            return true;
        });
        VmState.Booting booting =
                building.create(VmSpec.of(ImageRef.parse("debian:99")).build(), OWNER, Progress.SILENT);
        assertEquals(List.of("debian:99"), made);
        assertEquals("debian", booting.vm().user());
    }

    @Test
    void saysThatAnImageIsNowhere() {
        assertEquals(
                Failure.IMAGE_NOT_FOUND,
                assertThrows(
                                FixConfigurationException.class,
                                () -> engine.create(
                                        VmSpec.of(ImageRef.parse("nowhere:1")).build(), OWNER, Progress.SILENT))
                        .failure());
    }

    @Test
    void goesOnWithoutKvmWhereTheHostTurnsOutToHaveNone() throws Exception {
        host.setKvm(HostInfo.KvmDevice.UNKNOWN);
        create("ready");
        assertFalse(host.onlyContainer().request().kvm());
    }

    @Test
    void asksOnceByWhichGroupGuestsOpenAKvmThatCannotBeSeenFromHere() throws Exception {
        host.hideKvm("993");
        create("ready");
        ContainerRequest request = host.onlyContainer().request();
        assertTrue(request.kvm());
        assertEquals(Optional.of("993"), request.kvmGroup());
        // Of a container without the group, and one with it.
        assertEquals(3, created());
        create("ready");
        assertEquals(4, created());
    }

    /** Its container is root, and gives QEMU the group itself. */
    @Test
    void asksNobodyForTheGroupOfKvmWhereTheContainerIsARouter() throws Exception {
        host.hideKvm("993");
        engine.create(lie("ready").network(NetworkMode.NAT).build(), OWNER, Progress.SILENT);
        assertEquals(1, created());
        assertTrue(host.onlyContainer().request().kvm());
    }

    private long created() {
        return host.calls().stream().filter(Call.CREATE::equals).count();
    }

    @Test
    void passesNoKvmWhereEmulationIsAskedFor() throws Exception {
        host.setKvm(HostInfo.KvmDevice.PRESENT);
        engine.create(lie("ready").acceleration(Acceleration.TCG).build(), OWNER, Progress.SILENT);
        assertFalse(host.onlyContainer().request().kvm());
    }

    @Test
    void keepsALeaseAlive() throws Exception {
        VmState.Booting booting =
                engine.create(lie("ready").ephemeral(Duration.ofSeconds(1)).build(), OWNER, Progress.SILENT);
        try (LeaseKeeper lease = engine.keepAlive(booting.vm())) {
            await().atMost(SOON)
                    .until(() -> host.onlyContainer()
                            .modified("/run/virtainers/lease")
                            .isPresent());
        }
    }

    @Test
    void renewsALeaseThatOnceCouldNotBeRenewed() throws Exception {
        VmState.Booting booting =
                engine.create(lie("ready").ephemeral(Duration.ofSeconds(1)).build(), OWNER, Progress.SILENT);
        host.failNext(Call.TOUCH, Failure.ENGINE_TIMEOUT.because("Not now."));
        try (LeaseKeeper lease = engine.keepAlive(booting.vm())) {
            await().atMost(SOON)
                    .until(() -> host.onlyContainer()
                            .modified("/run/virtainers/lease")
                            .isPresent());
        }
    }

    @Test
    void sweepsWhatWasLeftBehindAndNothingElse() throws Exception {
        VmState.Booting kept = create("ready");
        VmState.Booting left =
                engine.create(lie("vanish 79").ephemeral(Duration.ofSeconds(90)).build(), OWNER, Progress.SILENT);
        engine.create(
                lie("vanish 79").ephemeral(Duration.ofSeconds(90)).build(),
                Ownership.of("somebody else"),
                Progress.SILENT);
        assertEquals(List.of(), engine.sweep(OWNER), "its maker may still ask for the status");
        assertEquals(List.of(), engine.leftovers());
        host.advance(Duration.ofMinutes(5));
        assertEquals(2, engine.leftovers().size(), "of everybody");
        assertEquals(List.of(left.vm().name().value()), engine.sweep(OWNER));
        assertEquals(
                List.of(kept.vm().container()),
                engine.list(OWNER).stream().map(Container::id).toList());
        assertEquals(1, engine.list(Ownership.of("somebody else")).size());
    }

    @Test
    void sweepsTheKeeperOfATemplateWhoseStarterWasKilled() throws Exception {
        ContainerId keeper = host.create(ContainerRequest.of(
                        host.findImage(FakeContainerHost.IMAGE).orElseThrow().id(), new VmName("keeper"))
                .labels(Templates.KEEPERS)
                .build());
        host.start(keeper);
        host.advance(Duration.ofMinutes(30));
        assertEquals(List.of(), engine.sweep(OWNER), "it is at work");
        host.killAll(0);
        assertEquals(List.of(), engine.sweep(OWNER), "its starter may still ask for the status");
        host.advance(Duration.ofMinutes(5));
        assertEquals(List.of("keeper"), engine.sweep(OWNER));
        assertTrue(host.isEmpty());
    }

    @Test
    void sweepsNothingWhenTheListCannotBeRead() throws Exception {
        engine.create(lie("vanish 79").ephemeral(Duration.ofSeconds(90)).build(), OWNER, Progress.SILENT);
        host.advance(Duration.ofMinutes(5));
        host.failNext(Call.LIST, Failure.ENGINE_TIMEOUT.because("Not now."));
        assertThrows(TryAgainException.class, () -> engine.sweep(OWNER));
        assertFalse(host.isEmpty());
    }

    @Test
    void discardsInAnInterruptedThreadAndLeavesItsFlagSet() throws Exception {
        VmState.Booting booting = create("ready");
        Thread.currentThread().interrupt();
        engine.discard(booting.vm().container());
        assertTrue(Thread.interrupted());
        assertTrue(host.isEmpty());
    }

    @Test
    void tellsItsListenerWhatHappens() throws Exception {
        List<String> heard = new ArrayList<>();
        Progress progress = new Progress() {
            @Override
            public void step(String sentence) {
                heard.add(sentence);
            }

            @Override
            public void event(RuntimeEvent event) {
                heard.add(event.name());
            }
        };
        VmState.Booting booting =
                engine.create(lie("ready").name(new VmName("one")).build(), OWNER, progress);
        engine.awaitReady(booting, SOON, progress);
        assertEquals(
                List.of(
                        "Making network virtainers on fake://host",
                        "Creating container one on fake://host",
                        "Booting liar:1",
                        "start",
                        "ready"),
                heard);
    }

    @Test
    void namesTheLastThingHeardWhenTimeIsUp() throws Exception {
        VmState.Booting booting = create("idle");
        host.onlyContainer().prints("Loading, please wait");
        Duration longAgo = Duration.ofSeconds(-19);
        ExecutionException thrown = assertThrows(
                ExecutionException.class,
                () -> CompletableFuture.supplyAsync(
                                () -> awaiting(booting, longAgo).join())
                        .thenAccept(problem -> {
                            throw (RuntimeException) problem;
                        })
                        .get(10, TimeUnit.SECONDS));
        VirtainerException notReady = (VirtainerException) thrown.getCause();
        assertEquals(Failure.NOT_READY, notReady.failure());
        assertTrue(notReady.getMessage().contains("\"start: a lie\""), notReady.getMessage());
        assertTrue(notReady.getMessage().contains("| Loading, please wait"), notReady.getMessage());
    }
}
