package io.jenkins.plugins.virtainers.engine.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.Probe;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.FakeGuests;
import io.jenkins.plugins.virtainers.engine.image.ImageSource;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.Naming;
import io.jenkins.plugins.virtainers.engine.spec.Port;
import io.jenkins.plugins.virtainers.engine.spec.PublishedPort;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the engine relies on of the containers of every host. */
interface ContainersContract extends HostUnderTest {
    long SECONDS = 60;

    @Test
    default void listsContainersByAllOfTheirLabels() throws Exception {
        ContainerId mine = liars().create("idle", "one");
        liars().create("idle", "two");
        List<Container> found = host().list(Map.of("test", liars().test(), "kind", "one"));
        assertEquals(List.of(mine), found.stream().map(Container::id).toList());
        assertEquals(2, host().list(Map.of("test", liars().test(), "kind", "")).size());
        assertEquals(List.of(), host().list(Map.of("test", liars().test(), "kind", "three")));
    }

    @Test
    default void givesContainersTheLabelsOfTheirImage() throws Exception {
        Container container = liars().inspect(liars().create("idle", "x"));
        assertEquals(Optional.of("liar"), container.label(Labels.USER));
        assertEquals(Optional.of(liars().test()), container.label("test"));
    }

    @Test
    default void showsWhereAContainerIsInItsLife() throws Exception {
        ContainerId container = liars().create("idle", "x");
        assertEquals(Container.Phase.CREATED, liars().inspect(container).phase());
        host().start(container);
        assertEquals(Container.Phase.RUNNING, liars().inspect(container).phase());
        liars().awaitItsFirstWords(container);
        host().stop(container, Optional.of(Duration.ofSeconds(10)));
        Container ended = liars().inspect(container);
        assertEquals(Container.Phase.ENDED, ended.phase());
        assertEquals(OptionalInt.of(0), ended.exitStatus());
        assertTrue(ended.ended().isPresent());
    }

    @Test
    default void findsAContainerByIdAndByName() throws Exception {
        ContainerId container = liars().create("idle", "x");
        String name = liars().inspect(container).name();
        assertEquals(container, host().inspect(name).orElseThrow().id());
        assertEquals(Optional.empty(), host().inspect("virtainer-that-nobody-made"));
    }

    @Test
    default void refusesANameThatIsInUse() throws Exception {
        ContainerId first = liars().create("idle", "x");
        ContainerRequest again =
                liars().request("idle", "x", new VmName(liars().inspect(first).name()));
        ContainerHost host = host();
        VirtainerException e = assertThrows(VirtainerException.class, () -> host.create(again));
        assertEquals(Failure.NAME_IN_USE, e.failure());
        assertTrue(e.getMessage().contains(again.name().value()), e.getMessage());
    }

    @Test
    default void tellsTheExitStatusWhenTheContainerEnds() throws Exception {
        ContainerId container = liars().create("idle", "x");
        host().start(container);
        CompletableFuture<Integer> status = host().exitStatus(container);
        assertFalse(status.isDone());
        liars().awaitItsFirstWords(container);
        host().stop(container, Optional.of(Duration.ofSeconds(10)));
        assertEquals(0, status.get(SECONDS, TimeUnit.SECONDS));
        assertEquals(0, host().exitStatus(container).get(SECONDS, TimeUnit.SECONDS));
    }

    @Test
    default void namesAContainerAndTellsItOthersNames() throws Exception {
        ContainerId container = host().create(liars().named(new Naming(
                Optional.of("web.corp.example"),
                List.of("corp.example"),
                List.of(Naming.ExtraHost.parse("db:10.1.2.3"), Naming.ExtraHost.parse("six:fd00::7")))));
        liars().keep(container);
        host().start(container);
        assertEquals(0, host().exitStatus(container).get(SECONDS, TimeUnit.SECONDS));
        Transcript transcript = new Transcript();
        host().readLogs(container, OptionalInt.empty(), transcript);
        List<String> said = transcript.out().lines().map(String::strip).toList();
        assertTrue(
                said.containsAll(List.of("web.corp.example", "search corp.example", "10.1.2.3 db", "fd00::7 six")),
                said.toString());
    }

    @Test
    default void tellsAnyExitStatus() throws Exception {
        ContainerId container = liars().create("vanish 65", "x");
        host().start(container);
        assertEquals(65, host().exitStatus(container).get(SECONDS, TimeUnit.SECONDS));
    }

    @Test
    default void noticesARemovedContainerAtOnce() throws Exception {
        ContainerId container = liars().create("idle", "x");
        host().start(container);
        CompletableFuture<Integer> status = host().exitStatus(container);
        Instant before = Instant.now();
        host().remove(container);
        status.handle((value, thrown) -> value).get(SECONDS, TimeUnit.SECONDS);
        assertTrue(Duration.between(before, Instant.now()).toMillis() < 5000);
    }

    @Test
    default void removesAtOnceWhatHasTimeToEnd() throws Exception {
        ContainerId container = liars().createDeaf();
        host().start(container);
        liars().awaitItsFirstWords(container);
        // A call that waited for its end would be over before.
        host().remove(container);
        assertEquals(Optional.empty(), host().inspect(container.value()));
    }

    @Test
    default void endsAContainerThatDoesNotListen() throws Exception {
        ContainerId container = liars().create("deaf", "x");
        host().start(container);
        host().stop(container, Optional.of(Duration.ofSeconds(1)));
        assertEquals(OptionalInt.of(137), liars().inspect(container).exitStatus());
    }

    @Test
    default void removesAProbeThatDoesNotEnd() throws Exception {
        VmEngine engine = new VmEngine(
                host(),
                new FakeGuests(),
                comment -> {
                    throw new IllegalStateException("a probe needs no key");
                },
                ImageSource.NONE,
                Clock.systemUTC());
        Ownership asker = Ownership.of("probe-" + liars().test());
        Probe probe = new Probe(engine, asker, Duration.ofSeconds(1));
        ContainerImage liar = host().findImage(image()).orElseThrow();
        VirtainerException e = assertThrows(VirtainerException.class, () -> probe.ask(liar));
        assertEquals(Failure.NOT_READY, e.failure());
        assertTrue(e.getMessage().startsWith("Cannot find out about KVM on "), e.getMessage());
        assertTrue(e.getMessage().contains(": not done within 1 s."), e.getMessage());
        assertEquals(List.of(), host().list(asker.labels()));
    }

    @Test
    default void stopsAndRemovesWhatIsGoneWithoutAWord() throws Exception {
        ContainerId container = liars().create("idle", "x");
        host().remove(container);
        host().remove(container);
        host().stop(container, Optional.of(Duration.ofSeconds(1)));
        assertEquals(Optional.empty(), host().inspect(container.value()));
    }

    @Test
    default void publishesPortsOnLoopbackAlone() throws Exception {
        ContainerId container = liars().create("idle", "x");
        host().start(container);
        Container running = liars().inspect(container);
        assertEquals("127.0.0.1", running.published().get(Port.SSH).host());
        assertFalse(running.addresses().isEmpty());
    }

    @Test
    default void publishesOnThePortThatWasChosenUnlessAnotherHasIt() throws Exception {
        Port port = freePort();
        ContainerId first = liars().publishing(PublishedPort.parse(port + ":8080"));
        host().start(first);
        assertEquals(
                new Endpoint("127.0.0.1", port),
                liars().inspect(first).published().get(new Port(8080)));
        ContainerId second = liars().publishing(PublishedPort.parse("127.0.0.1:%s:8081".formatted(port)));
        VirtainerException e = assertThrows(VirtainerException.class, () -> host().start(second));
        assertEquals(Failure.PORT_IN_USE, e.failure(), e.getMessage());
        assertTrue(e.getMessage().contains("127.0.0.1:" + port), e.getMessage());
    }

    private static Port freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Port(socket.getLocalPort());
        }
    }
}
