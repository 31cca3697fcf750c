package io.jenkins.plugins.virtainers.engine.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.image.ImageSource;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GuestScreenTest {
    private final FakeContainerHost host = new FakeContainerHost();
    private final GuestScreen screen = new GuestScreen(host);
    private final VmEngine engine =
            new VmEngine(host, new FakeGuests(), new OpenSshKeys(), ImageSource.NONE, Clock.systemUTC());

    private Vm machine(String vnc) throws InterruptedException {
        VmSpec spec = VmSpec.of(FakeContainerHost.IMAGE)
                .name(new VmName("web"))
                .env("LIE", "ready")
                .env("VNC", vnc)
                .build();
        return engine.create(spec, Ownership.of("test"), Progress.SILENT).vm();
    }

    @Test
    void takesAPictureAndLeavesNoFile() throws Exception {
        Vm machine = machine("on");
        Set<String> before = host.onlyContainer().files().keySet();
        ByteArrayOutputStream picture = new ByteArrayOutputStream();
        screen.picture(machine, (content, size) -> content.transferTo(picture));
        assertEquals("a picture", picture.toString(StandardCharsets.UTF_8));
        assertEquals(before, host.onlyContainer().files().keySet());
    }

    @Test
    void leavesNoFileWhenThePictureCannotBeKept() throws Exception {
        Vm machine = machine("on");
        Set<String> before = host.onlyContainer().files().keySet();
        assertThrows(
                RuntimeException.class,
                () -> screen.picture(machine, (content, size) -> {
                    throw new IOException("no space");
                }));
        assertEquals(before, host.onlyContainer().files().keySet());
    }

    @Test
    void saysWhyThereIsNoPicture() throws Exception {
        Vm machine = machine("off");
        VirtainerException e =
                assertThrows(VirtainerException.class, () -> screen.picture(machine, (content, size) -> {}));
        assertEquals(Failure.NO_SCREEN, e.failure());
        assertTrue(e.getMessage().startsWith("Cannot see the screen of web on "), e.getMessage());
        assertTrue(e.getMessage().endsWith(": domain 'vm' has no screen."), e.getMessage());
    }
}
