package io.jenkins.plugins.virtainers.docker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.FakeGuests;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnector;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.guest.VmState;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.image.ImageSource;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import io.jenkins.plugins.virtainers.fault.Fault;
import io.jenkins.plugins.virtainers.fault.FaultProxy;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import io.jenkins.plugins.virtainers.ssh.SshConnector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lives of machines on a real engine, each of which meets a fault at some request. A life ends well or with one sentence,
 * and nothing of any is left when leases are over. Every tenth is a real guest's.
 *
 * <p>{@code ./verify --soak [--cycles N] [--seed S]}, which sets {@code virtainers.soak.cycles} and {@code
 * virtainers.soak.seed}.
 */
class SoakIT {
    private static final int CYCLES = Integer.getInteger("virtainers.soak.cycles", 60);
    private static final long SEED = Long.getLong("virtainers.soak.seed", new Random().nextInt(Integer.MAX_VALUE));

    private static final int LANES = 3;
    private static final ImageRef LIAR = ImageRef.parse("liar:1");
    private static final ImageRef GUEST = ImageRef.parse("debian:12");
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(100);
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}&&[^\n]]");

    private static final List<Fault> FAULTS = List.of(
            Fault.delay(Duration.ofSeconds(1)),
            Fault.hang(Duration.ofSeconds(3)),
            Fault.reset(),
            Fault.lostReply(),
            Fault.cut(0),
            Fault.cut(20),
            Fault.truncated(),
            Fault.answer(404, "No such container"),
            Fault.answer(409, "Conflict"),
            Fault.answer(500, "something went wrong"),
            Fault.nonsense(),
            Fault.noise());

    @TempDir
    static Path directory;

    private final Ownership owner = Ownership.of("soak-" + UUID.randomUUID());
    private final OpenSshKeys keys = new OpenSshKeys();
    private final SshKeyPair key = keys.ed25519("soak");
    private final AtomicInteger next = new AtomicInteger();
    private final LongAdder guests = new LongAdder();
    private final Map<String, LongAdder> outcomes = new ConcurrentSkipListMap<>();

    @Test
    void leavesNothingWhateverFails() throws Exception {
        DockerEndpoint endpoint = RealHosts.docker();
        LiarImage.build(endpoint);
        System.err.printf("soak: %d cycles, seed %d%n", CYCLES, SEED);
        try (DockerContainerHost host = new DockerContainerHost(endpoint)) {
            boolean real = host.findImage(GUEST).isPresent();
            if (!real) {
                System.err.println("*** " + GUEST + " IS NOT HERE: NO REAL GUEST IS AMONG THE SOAK'S ***");
            }
            VmEngine engine = engine(host, new FakeGuests());
            int requests = requestsOfALife(endpoint);
            Map<String, Integer> before = inUse();
            inLanes(endpoint, requests, real);
            await("the end of leases")
                    .atMost(LEASE.plusMinutes(3))
                    .pollInterval(Duration.ofSeconds(2))
                    .until(() -> {
                        engine.sweep(owner);
                        return engine.list(owner).isEmpty();
                    });
            await("the end of threads and connections")
                    .atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> inUse().forEach((what, count) -> assertTrue(
                            count <= before.getOrDefault(what, 0), () -> count + " " + what + ", before: " + before)));
        }
        System.err.printf("soak: %d cycles, %d of real guests, seed %d%n", CYCLES, guests.sum(), SEED);
        outcomes.forEach((what, count) -> System.err.printf("soak: %4d  %s%n", count.sum(), what));
        assertEquals(
                CYCLES, outcomes.values().stream().mapToLong(LongAdder::sum).sum());
    }

    /** Of one to which nothing happens. */
    private int requestsOfALife(DockerEndpoint endpoint) throws Exception {
        try (FaultProxy proxy = proxy(endpoint, "first");
                DockerContainerHost host = host(proxy)) {
            live(engine(host, new FakeGuests()), spec(LIAR, "soak-first"));
            return proxy.requests().size();
        }
    }

    private static FaultProxy proxy(DockerEndpoint endpoint, String name) throws IOException {
        return FaultProxy.atSocket(
                directory.resolve(name), Path.of(endpoint.uri().getPath()));
    }

    private static DockerContainerHost host(FaultProxy proxy) {
        return new DockerContainerHost(DockerEndpoint.parse(proxy.address(), Optional.empty()));
    }

    /** Of this JVM. */
    private static Map<String, Integer> inUse() throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("virtainers") || name.startsWith("fault-proxy"))
                .forEach(name -> counts.merge("threads " + name.replaceFirst("-[0-9]+$", ""), 1, Integer::sum));
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            descriptors
                    .map(SoakIT::target)
                    .filter(target -> target.startsWith("socket:") || target.startsWith("pipe:"))
                    .forEach(target -> counts.merge(target.replaceFirst(":.*", "s"), 1, Integer::sum));
        }
        return counts;
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "closed";
        }
    }

    private void inLanes(DockerEndpoint endpoint, int requests, boolean real) throws Exception {
        ExecutorService lanes = Executors.newFixedThreadPool(LANES);
        List<Future<?>> all = new ArrayList<>();
        for (int lane = 0; lane < LANES; lane++) {
            String name = "lane-" + lane;
            all.add(lanes.submit(() -> {
                try (FaultProxy proxy = proxy(endpoint, name);
                        DockerContainerHost host = host(proxy);
                        SshConnector ssh = new SshConnector()) {
                    VmEngine lying = engine(host, new FakeGuests());
                    VmEngine truthful = engine(host, ssh);
                    for (int cycle = next.getAndIncrement(); cycle < CYCLES; cycle = next.getAndIncrement()) {
                        boolean guest = real && cycle % 10 == 0;
                        cycle(cycle, requests, proxy, guest ? truthful : lying, guest ? GUEST : LIAR);
                    }
                }
                return null;
            }));
        }
        for (Future<?> lane : all) {
            lane.get();
        }
        lanes.shutdown();
        assertTrue(lanes.awaitTermination(1, TimeUnit.MINUTES));
    }

    private void cycle(int number, int requests, FaultProxy proxy, VmEngine engine, ImageRef image)
            throws InterruptedException {
        Random random = new Random(SEED + number);
        Fault fault = FAULTS.get(random.nextInt(FAULTS.size()));
        int at = random.nextInt(requests);
        int said = proxy.requests().size();
        proxy.later(at, "", fault);
        String outcome;
        try {
            live(engine, spec(image, "soak-" + number + "-" + owner.owner().substring(5, 13)));
            outcome = proxy.isThrough() ? "went well: " + fault : "went well: nothing happened";
        } catch (VirtainerException e) {
            requireSentence(number, e);
            outcome = e.failure().code() + ": " + fault;
        } catch (RuntimeException e) {
            List<String> all = proxy.requests();
            throw new AssertionError(
                    "cycle %d, seed %d: %s at request %d of %s"
                            .formatted(number, SEED, fault, at, all.subList(said, all.size())),
                    e);
        } finally {
            proxy.behave();
        }
        outcomes.computeIfAbsent(outcome, key -> new LongAdder()).increment();
    }

    private static void requireSentence(int number, VirtainerException e) {
        String said = e.getMessage();
        assertTrue(
                !said.isBlank() && !CONTROLS.matcher(said).find(),
                () -> "cycle " + number + ", seed " + SEED + ": " + said);
    }

    /** As agents and commands do: what was made is discarded, whatever came of it. */
    private void live(VmEngine engine, VmSpec spec) throws InterruptedException {
        VmState.Booting booting = engine.create(spec, owner, Progress.SILENT);
        ContainerId container = booting.vm().container();
        try {
            VmState.Ready ready = engine.awaitReady(booting, SOON, Progress.SILENT);
            engine.renewLease(container);
            try (GuestConnection guest = engine.connect(ready, key, SOON)) {
                ByteArrayOutputStream said = new ByteArrayOutputStream();
                PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
                assertEquals(
                        0, guest.run("true", ExecStreams.output(stream, stream)).status(), said::toString);
            }
            if (spec.image().equals(GUEST)) {
                guests.increment();
            }
            engine.stop(container, Optional.of(Duration.ofSeconds(5)));
            engine.remove(container);
        } catch (VirtainerException e) {
            engine.discard(container);
            throw e;
        }
    }

    private VmSpec spec(ImageRef image, String name) {
        return VmSpec.of(image)
                .name(new VmName(name))
                .authorizedKey(key.publicLine())
                .lease(LEASE)
                .env("LIE", "ready")
                .build();
    }

    private VmEngine engine(ContainerHost host, GuestConnector connector) {
        return new VmEngine(host, connector, keys, ImageSource.NONE, Clock.systemUTC());
    }
}
