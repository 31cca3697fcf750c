package io.jenkins.plugins.virtainers.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.FakeGuests;
import io.jenkins.plugins.virtainers.engine.guest.VmState;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.image.ImageSource;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import io.jenkins.plugins.virtainers.fault.Fault;
import io.jenkins.plugins.virtainers.fault.FaultProxy;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real engine that answers late, wrongly or not at all. What happens at any other moment is {@link SoakIT}'s. */
class SickEngineIT {
    private final Ownership owner = Ownership.of("sick-" + UUID.randomUUID());
    private final OpenSshKeys keys = new OpenSshKeys();
    private FaultProxy proxy;
    private DockerContainerHost sick;
    private DockerContainerHost well;

    @BeforeEach
    void connect() throws Exception {
        DockerEndpoint endpoint = RealHosts.docker();
        LiarImage.build(endpoint);
        well = new DockerContainerHost(endpoint);
        proxy = FaultProxy.atPort(Path.of(endpoint.uri().getPath()));
        sick = new DockerContainerHost(DockerEndpoint.parse(proxy.address(), Optional.empty()));
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        List<String> left = engine(well).list(owner).stream()
                .map(container -> container.name())
                .toList();
        engine(well).list(owner).forEach(container -> engine(well).discard(container.id()));
        sick.close();
        proxy.close();
        well.close();
        assertEquals(List.of(), left, "left behind");
    }

    private VmEngine engine(ContainerHost host) {
        return new VmEngine(host, new FakeGuests(), keys, ImageSource.NONE, Clock.systemUTC());
    }

    private VmState.Booting create(ContainerHost host, Duration lease) throws InterruptedException {
        VmSpec spec = VmSpec.of(ImageRef.parse("liar:1"))
                .name(VmName.random())
                .env("LIE", "ready")
                .lease(lease)
                .build();
        return engine(host).create(spec, owner, Progress.SILENT);
    }

    private VirtainerException failsToCreate() {
        return assertThrows(VirtainerException.class, () -> create(sick, Duration.ofMinutes(5)));
    }

    @Test
    void whatWasMadeWithoutAnAnswerIsRemoved() throws Exception {
        // That of who asks about KVM, too.
        proxy.always("POST /containers/create", Fault.lostReply());
        assertEquals(Failure.ENGINE_UNREACHABLE, failsToCreate().failure());
        assertTrue(
                proxy.requests().stream().anyMatch(request -> request.startsWith("DELETE /containers/")),
                () -> "it was made, and removed: " + proxy.requests());
    }

    @Test
    void anEnginesOwnWordsAreQuoted() {
        proxy.always("POST /containers/[0-9a-f]+/start", Fault.answer(500, "the cellar is flooded"));
        VirtainerException e = failsToCreate();
        assertEquals(Failure.ENGINE_REFUSED, e.failure());
        assertTrue(e.getMessage().contains("the cellar is flooded"), e.getMessage());
    }

    @Test
    void aListThatIsCutShortRemovesNothing() throws Exception {
        VmState.Booting booting = create(well, Duration.ofSeconds(1));
        engine(well).stop(booting.vm().container(), Optional.of(Duration.ZERO));
        proxy.always("GET /containers/json", Fault.truncated());
        VirtainerException e =
                assertThrows(VirtainerException.class, () -> engine(sick).sweep(owner));
        assertEquals(1, engine(well).list(owner).size(), e.getMessage());
        engine(well).remove(booting.vm().container());
    }

    @Test
    void aBuildsMachineStaysWhenItsLogBreaksOff() throws Exception {
        VmState.Booting booting = create(sick, Duration.ofMinutes(5));
        proxy.always("GET /containers/[0-9a-f]+/logs.*follow=true", Fault.cut(0));
        try {
            engine(sick).awaitReady(booting, Duration.ofSeconds(20), Progress.SILENT);
        } catch (VirtainerException e) {
            assertEquals(Failure.ENGINE_UNREACHABLE, e.failure(), e.getMessage());
        }
        assertEquals(1, engine(well).list(owner).size());
        engine(well).remove(booting.vm().container());
    }

    @Test
    @Tag("long")
    void whoIsSilentForAMinuteIsNotWaitedFor() {
        proxy.always("", Fault.hang(Duration.ofHours(1)));
        VirtainerException e = failsToCreate();
        assertEquals(Failure.ENGINE_TIMEOUT, e.failure(), e.getMessage());
    }
}
