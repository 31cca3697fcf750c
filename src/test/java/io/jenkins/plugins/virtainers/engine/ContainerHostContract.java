package io.jenkins.plugins.virtainers.engine;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.FakeContainerHost.Transcript;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the engine relies on, of every container host alike: the fake is held to it as the real ones are. Containers are of
 * an image whose entrypoint lies as its variable {@code LIE} says.
 */
@Timeout(120)
public abstract class ContainerHostContract {
    /** An image that a test makes of a container; whose host it is removes it. */
    public static final ImageRef PUBLISHED = ImageRef.parse("contract-test:1");

    private static final long SECONDS = 60;

    private final String test = VmName.random().value();
    private final List<ContainerId> made = new ArrayList<>();

    /** The host, with the liar on it. */
    protected abstract ContainerHost host() throws Exception;

    /** The liar, as the host knows it. */
    protected abstract ImageRef image();

    @AfterEach
    void removeContainers() throws Exception {
        for (ContainerId container : made) {
            host().remove(container);
        }
    }

    @Test
    void describesItself() throws Exception {
        HostInfo info = host().info();
        assertFalse(info.version().isBlank());
        assertTrue(info.cpus() > 0);
        assertTrue(info.memory().megabytes() > 100);
        assertEquals("amd64", info.architecture());
    }

    @Test
    void findsAnImageByAnyOfItsSpellingsWithItsLabels() throws Exception {
        ContainerImage found = host().findImage(image()).orElseThrow();
        assertEquals(Optional.of("liar"), found.label(Labels.USER));
        assertTrue(host().images(Labels.CONTRACT).stream()
                .anyMatch(image -> image.id().equals(found.id())));
    }

    @Test
    void hasNoImageThatNobodyMade() throws Exception {
        assertEquals(Optional.empty(), host().findImage(ImageRef.parse("no-such-image:0")));
    }

    @Test
    void saysThatAnImageCannotBePulled() throws Exception {
        ContainerHost host = host();
        ImageRef nowhere = ImageRef.parse("127.0.0.1:9/nobody/no-such-image:0");
        VirtainerException e =
                assertThrows(VirtainerException.class, () -> host.pull(nowhere, line -> {}, Duration.ofSeconds(60)));
        assertEquals(Failure.IMAGE_NOT_FOUND, e.failure());
        assertTrue(e.getMessage().contains("no-such-image"), e.getMessage());
    }

    @Test
    void carriesAFileFromOneContainerToAnotherAndIntoAnImage() throws Exception {
        ContainerHost host = host();
        byte[] bytes = new byte[3_000_001];
        new java.util.Random(7).nextBytes(bytes);
        ContainerId one = create("idle", "x");
        ContainerId two = create("idle", "x");
        host.writeFile(one, "/tmp/large", new java.io.ByteArrayInputStream(bytes), bytes.length);
        host.readFile(one, "/tmp/large", (content, size) -> host.writeFile(two, "/run/virtainers/l", content, size));
        host.commit(two, PUBLISHED);
        assertTrue(
                host.findImage(PUBLISHED).orElseThrow().label(Labels.CONTRACT).isPresent());
        List<byte[]> read = new ArrayList<>();
        host.readFile(two, "/run/virtainers/l", (content, size) -> read.add(content.readNBytes((int) size)));
        org.junit.jupiter.api.Assertions.assertArrayEquals(bytes, read.get(0));
    }

    @Test
    void saysThatAFileIsNotThere() throws Exception {
        ContainerHost host = host();
        ContainerId container = create("idle", "x");
        VirtainerException e = assertThrows(
                VirtainerException.class, () -> host.readFile(container, "/tmp/none", (content, size) -> {}));
        assertEquals(Failure.COPY_FAILED, e.failure());
    }

    @Test
    void listsContainersByAllOfTheirLabels() throws Exception {
        ContainerId mine = create("idle", "one");
        create("idle", "two");
        List<Container> found = host().list(Map.of("test", test, "kind", "one"));
        assertEquals(List.of(mine), found.stream().map(Container::id).toList());
        assertEquals(2, host().list(Map.of("test", test, "kind", "")).size());
        assertEquals(List.of(), host().list(Map.of("test", test, "kind", "three")));
    }

    @Test
    void givesContainersTheLabelsOfTheirImage() throws Exception {
        Container container = inspect(create("idle", "x"));
        assertEquals(Optional.of("liar"), container.label(Labels.USER));
        assertEquals(Optional.of(test), container.label("test"));
    }

    @Test
    void showsWhereAContainerIsInItsLife() throws Exception {
        ContainerId container = create("idle", "x");
        assertEquals(Container.Phase.CREATED, inspect(container).phase());
        host().start(container);
        assertEquals(Container.Phase.RUNNING, inspect(container).phase());
        awaitItsFirstWords(container);
        host().stop(container, Duration.ofSeconds(10));
        Container ended = inspect(container);
        assertEquals(Container.Phase.ENDED, ended.phase());
        assertEquals(OptionalInt.of(0), ended.exitStatus());
        assertTrue(ended.ended().isPresent());
    }

    /** Process 1 hears no signal before it has said what to do with it. */
    private void awaitItsFirstWords(ContainerId container) {
        await().atMost(Duration.ofSeconds(SECONDS)).until(() -> {
            Transcript transcript = new Transcript();
            host().readLogs(container, OptionalInt.empty(), transcript);
            return transcript.err().contains("start: a lie");
        });
    }

    @Test
    void findsAContainerByIdAndByName() throws Exception {
        ContainerId container = create("idle", "x");
        String name = inspect(container).name();
        assertEquals(container, host().inspect(name).orElseThrow().id());
        assertEquals(Optional.empty(), host().inspect("virtainer-that-nobody-made"));
    }

    @Test
    void refusesANameThatIsInUse() throws Exception {
        ContainerId first = create("idle", "x");
        ContainerRequest again = request("idle", "x", new VmName(inspect(first).name()));
        ContainerHost host = host();
        VirtainerException e = assertThrows(VirtainerException.class, () -> host.create(again));
        assertEquals(Failure.NAME_IN_USE, e.failure());
        assertTrue(e.getMessage().contains(again.name().value()), e.getMessage());
    }

    @Test
    void keepsTheTwoOutputsApartAndEndsThemWithTheContainer() throws Exception {
        ContainerId container = create("panic", "x");
        host().start(container);
        Transcript transcript = new Transcript();
        try (ContainerHost.LogStream log = host().followLogs(container, transcript)) {
            log.ended().get(SECONDS, TimeUnit.SECONDS);
        }
        assertTrue(transcript.out().contains("Kernel panic"), transcript.out());
        assertFalse(transcript.out().contains("virtainers:"), transcript.out());
        assertTrue(transcript.err().contains("virtainers: +0.001s start: a lie\n"), transcript.err());
        assertFalse(transcript.err().contains("Kernel"), transcript.err());
    }

    @Test
    void followsALogFromItsFirstByteThoughTheContainerHasEnded() throws Exception {
        ContainerId container = create("panic", "x");
        host().start(container);
        host().exitStatus(container).get(SECONDS, TimeUnit.SECONDS);
        Transcript followed = new Transcript();
        try (ContainerHost.LogStream log = host().followLogs(container, followed)) {
            log.ended().get(SECONDS, TimeUnit.SECONDS);
        }
        Transcript read = new Transcript();
        host().readLogs(container, OptionalInt.empty(), read);
        assertEquals(followed.err(), read.err());
        assertTrue(read.err().contains("start: a lie"), read.err());
    }

    @Test
    void tellsTheExitStatusWhenTheContainerEnds() throws Exception {
        ContainerId container = create("idle", "x");
        host().start(container);
        CompletableFuture<Integer> status = host().exitStatus(container);
        assertFalse(status.isDone());
        awaitItsFirstWords(container);
        host().stop(container, Duration.ofSeconds(10));
        assertEquals(0, status.get(SECONDS, TimeUnit.SECONDS));
        assertEquals(0, host().exitStatus(container).get(SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void tellsAnyExitStatus() throws Exception {
        ContainerId container = create("vanish 65", "x");
        host().start(container);
        assertEquals(65, host().exitStatus(container).get(SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void noticesARemovedContainerAtOnce() throws Exception {
        ContainerId container = create("idle", "x");
        host().start(container);
        CompletableFuture<Integer> status = host().exitStatus(container);
        Instant before = Instant.now();
        host().remove(container);
        status.handle((value, thrown) -> value).get(SECONDS, TimeUnit.SECONDS);
        assertTrue(Duration.between(before, Instant.now()).toMillis() < 5000);
    }

    @Test
    void endsAContainerThatDoesNotListen() throws Exception {
        ContainerId container = create("deaf", "x");
        host().start(container);
        host().stop(container, Duration.ofSeconds(1));
        assertEquals(OptionalInt.of(137), inspect(container).exitStatus());
    }

    @Test
    void removesAProbeThatDoesNotEnd() throws Exception {
        VmEngine engine = new VmEngine(
                host(),
                new FakeGuests(),
                comment -> {
                    throw new IllegalStateException("a probe needs no key");
                },
                ImageSource.NONE,
                Clock.systemUTC());
        Ownership asker = Ownership.of("probe-" + test);
        Probe probe = new Probe(engine, asker, Duration.ofSeconds(1));
        ContainerImage liar = host().findImage(image()).orElseThrow();
        VirtainerException e = assertThrows(VirtainerException.class, () -> probe.ask(liar));
        assertEquals(Failure.ENGINE_TIMEOUT, e.failure());
        assertEquals("The runtime's probe did not end within 1 s.", e.getMessage());
        assertEquals(List.of(), host().list(asker.labels()));
    }

    @Test
    void stopsAndRemovesWhatIsGoneWithoutAWord() throws Exception {
        ContainerId container = create("idle", "x");
        host().remove(container);
        host().remove(container);
        host().stop(container, Duration.ofSeconds(1));
        assertEquals(Optional.empty(), host().inspect(container.value()));
    }

    @Test
    void putsFilesThatTheContainersUserAloneMayRead() throws Exception {
        ContainerId container = create("files", "x");
        host().putFiles(
                        container,
                        List.of(ContainerFile.secret("/tmp/secret", "one\n"), ContainerFile.of("/tmp/open", "two\n")));
        host().start(container);
        assertEquals(0, host().exitStatus(container).get(SECONDS, TimeUnit.SECONDS));
        Transcript transcript = new Transcript();
        host().readLogs(container, OptionalInt.empty(), transcript);
        assertEquals(
                List.of("1000 400 /tmp/secret one", "1000 444 /tmp/open two").stream()
                        .sorted()
                        .toList(),
                transcript
                        .out()
                        .lines()
                        .filter(line -> line.startsWith("1000"))
                        .sorted()
                        .toList());
    }

    @Test
    void touchesAFileInARunningContainer() throws Exception {
        ContainerId container = create("idle", "x");
        host().start(container);
        long before = host().info().time().getEpochSecond();
        host().touch(container, "/run/virtainers/lease");
        ByteArrayOutputStream modified = new ByteArrayOutputStream();
        int status = host().exec(
                        container,
                        List.of("/liar", "modified", "/run/virtainers/lease"),
                        ExecStreams.output(modified, modified));
        assertEquals(0, status, modified.toString(StandardCharsets.UTF_8));
        assertTrue(Long.parseLong(modified.toString(StandardCharsets.UTF_8).strip()) >= before - 1);
    }

    @Test
    void runsACommandBesideTheGuest() throws Exception {
        ContainerId container = create("idle", "x");
        host().start(container);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = host().exec(container, List.of("/liar", "speak"), ExecStreams.output(out, err));
        assertEquals(5, status);
        assertEquals("out\n", out.toString(StandardCharsets.UTF_8));
        assertEquals("err\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void makesNetworksWithTheSubnetsTheyWereAskedFor() throws Exception {
        Subnet subnet = freeSubnet();
        host().createNetwork(test, Optional.of(subnet));
        assertEquals(List.of(subnet), network(test).orElseThrow().subnets());
        host().removeNetwork(test);
        host().removeNetwork(test);
        assertEquals(Optional.empty(), network(test));
    }

    @Test
    void refusesANetworkWhoseNameOrSubnetIsInUse() throws Exception {
        ContainerHost host = host();
        Subnet subnet = freeSubnet();
        host.createNetwork(test, Optional.of(subnet));
        try {
            assertEquals(
                    Failure.NAME_IN_USE,
                    assertThrows(VirtainerException.class, () -> host.createNetwork(test, Optional.empty()))
                            .failure());
            Subnet part = new Subnet(subnet.prefix(), subnet.length() + 1);
            VirtainerException overlaps =
                    assertThrows(VirtainerException.class, () -> host.createNetwork(test + "-2", Optional.of(part)));
            assertEquals(Failure.NETWORK, overlaps.failure());
            assertEquals(Optional.empty(), network(test + "-2"));
        } finally {
            host.removeNetwork(test);
        }
    }

    @Test
    void putsAContainerOnSeveralNetworksWithTheAddressesItAskedFor() throws Exception {
        ContainerHost host = host();
        Subnet one = freeSubnet();
        host.createNetwork(test, Optional.of(one));
        Subnet two = freeSubnet();
        host.createNetwork(test + "-2", Optional.of(two));
        try {
            NetworkJoin first = new NetworkJoin(test, Optional.of(address(one, 10)));
            NetworkJoin second = new NetworkJoin(test + "-2", Optional.of(address(two, 20)));
            ContainerId container = host.create(joining(first, second));
            made.add(container);
            host.start(container);
            assertEquals(
                    java.util.Set.of(
                            new NetworkAddress(test, address(one, 10)),
                            new NetworkAddress(test + "-2", address(two, 20))),
                    java.util.Set.copyOf(inspect(container).networks()));
            host.remove(container);
        } finally {
            host.removeNetwork(test);
            host.removeNetwork(test + "-2");
        }
    }

    @Test
    void refusesANetworkThatIsNotThereAndAnAddressThatItDoesNotHave() throws Exception {
        ContainerHost host = host();
        Subnet subnet = freeSubnet();
        host.createNetwork(test, Optional.of(subnet));
        try {
            refuses(new NetworkJoin(test, Optional.of("203.0.113.7")));
            refuses(NetworkJoin.of(test), NetworkJoin.of("virtainer-no-such-network"));
            refuses(NetworkJoin.of("virtainer-no-such-network"));
        } finally {
            host.removeNetwork(test);
        }
    }

    /** Engines find out when they create a container, or when they start it. */
    private void refuses(NetworkJoin... joins) throws Exception {
        ContainerHost host = host();
        VirtainerException e = assertThrows(VirtainerException.class, () -> {
            ContainerId container = host.create(joining(joins));
            made.add(container);
            host.start(container);
        });
        assertEquals(Failure.NETWORK, e.failure(), e.getMessage());
        made.forEach(container -> {
            try {
                host.remove(container);
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
        });
        assertEquals(List.of(), host.list(Map.of("test", test)));
    }

    private ContainerRequest joining(NetworkJoin... joins) throws Exception {
        return ContainerRequest.of(host().findImage(image()).orElseThrow().id(), VmName.random())
                .env(Map.of("LIE", "idle"))
                .labels(Map.of("test", test))
                .networks(List.of(joins))
                .build();
    }

    private Optional<ContainerNetwork> network(String name) throws Exception {
        return host().networks().stream()
                .filter(network -> network.name().equals(name))
                .findFirst();
    }

    /** One that no network of the host has, of those that nobody takes by himself. */
    private Subnet freeSubnet() throws Exception {
        List<ContainerNetwork> there = host().networks();
        for (int number = 0; number < 256; number++) {
            Subnet candidate = Subnet.parse("10.253.%d.0/24".formatted(number));
            if (there.stream().flatMap(network -> network.subnets().stream()).noneMatch(candidate::overlaps)) {
                return candidate;
            }
        }
        throw new IllegalStateException("no subnet is free");
    }

    private static String address(Subnet subnet, int host) {
        return new Subnet(subnet.prefix() + host, 32).toString().replace("/32", "");
    }

    @Test
    void publishesPortsOnLoopbackAlone() throws Exception {
        ContainerId container = create("idle", "x");
        host().start(container);
        Container running = inspect(container);
        assertEquals("127.0.0.1", running.published().get(Port.SSH).host());
        assertFalse(running.addresses().isEmpty());
    }

    @Test
    void passesAnInterruptionOn() throws Exception {
        ContainerHost host = host();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, host::info);
        assertFalse(Thread.currentThread().isInterrupted());
    }

    /** Creates a container that is removed after the test. */
    protected ContainerId create(String lie, String kind) throws Exception {
        ContainerId container = host().create(request(lie, kind, VmName.random()));
        made.add(container);
        return container;
    }

    private ContainerRequest request(String lie, String kind, VmName name) throws Exception {
        return ContainerRequest.of(host().findImage(image()).orElseThrow().id(), name)
                .env(Map.of("LIE", lie))
                .labels(Map.of("test", test, "kind", kind))
                .published(List.of(Port.SSH))
                .build();
    }

    private Container inspect(ContainerId container) throws Exception {
        return host().inspect(container.value()).orElseThrow();
    }
}
