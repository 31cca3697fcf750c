package io.jenkins.plugins.virtainers.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.FakeGuests;
import io.jenkins.plugins.virtainers.engine.guest.Reach;
import io.jenkins.plugins.virtainers.engine.guest.Tunnel;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.guest.Way;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.image.ImageSource;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import java.time.Clock;
import org.junit.jupiter.api.Test;

class WaysTest {
    private static final String ADDRESS = "192.0.2.1";

    private final FakeContainerHost host = new FakeContainerHost();
    private final FakeGuests guests = new FakeGuests();

    private Way way(Reach reach) throws InterruptedException {
        VmEngine engine = new VmEngine(
                host,
                guests,
                new OpenSshKeys(),
                ImageSource.NONE,
                EngineSettings.usual(Clock.systemUTC()).with(reach),
                Clock.systemUTC());
        Vm vm = engine.create(
                        VmSpec.of(FakeContainerHost.IMAGE).env("LIE", "ready").build(),
                        Ownership.of("test"),
                        Progress.SILENT)
                .vm();
        return engine.reachable(vm);
    }

    @Test
    void takesWhatCostsLeast() throws Exception {
        assertEquals(ADDRESS, way(Reach.AUTO).endpoint().host());
        guests.silence(ADDRESS);
        assertEquals("127.0.0.1", way(Reach.AUTO).endpoint().host());
        guests.silence("127.0.0.1");
        assertInstanceOf(Tunnel.class, way(Reach.AUTO));
    }

    @Test
    void takesTheOneThatItWasTold() throws Exception {
        assertEquals(ADDRESS, way(Reach.ADDRESS).endpoint().host());
        assertEquals("127.0.0.1", way(Reach.PORT).endpoint().host());
        assertInstanceOf(Tunnel.class, way(Reach.TUNNEL));
    }

    @Test
    void triesNoAddressOfAnEngineElsewhereUnlessToldTo() throws Exception {
        host.moveAway();
        assertEquals("127.0.0.1", way(Reach.AUTO).endpoint().host());
        assertEquals(ADDRESS, way(Reach.ADDRESS).endpoint().host());
    }

    @Test
    void saysThatTheOnlyWayIsNone() {
        guests.silence(ADDRESS);
        VirtainerException e = assertThrows(VirtainerException.class, () -> way(Reach.ADDRESS));
        assertEquals(Failure.CONNECTION_LOST, e.failure());
        assertTrue(
                e.getMessage()
                        .endsWith(
                                "no SSH server answers this machine at [192.0.2.1:22], and no other way is to be tried than \"address\"."),
                e.getMessage());
    }

    @Test
    void knowsItsWords() {
        assertEquals(Reach.TUNNEL, Reach.parse("tunnel"));
        assertEquals(
                "Way \"boat\" is none of auto, address, port, tunnel.",
                assertThrows(InvalidSpecException.class, () -> Reach.parse("boat"))
                        .getMessage());
    }
}
