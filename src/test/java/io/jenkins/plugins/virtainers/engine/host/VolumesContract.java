package io.jenkins.plugins.virtainers.engine.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the engine relies on of hosts with volumes. */
interface VolumesContract extends HostUnderTest {
    @Test
    default void keepsInAVolumeWhatAContainerLeftThere() throws Exception {
        ContainerHost host = host();
        Volumes volumes = host.volumes().orElseThrow();
        ContainerId one = liars().seeing(volumes.mount(ContainerHostContract.VOLUME, "/mounted", false));
        byte[] written = liars().test().getBytes(StandardCharsets.UTF_8);
        host.writeFile(one, "/mounted/kept", new ByteArrayInputStream(written), written.length);
        host.remove(one);
        ContainerId two = liars().seeing(volumes.mount(ContainerHostContract.VOLUME, "/elsewhere", true));
        StringBuilder read = new StringBuilder();
        host.readFile(
                two,
                "/elsewhere/kept",
                (content, size) -> read.append(new String(content.readNBytes((int) size), StandardCharsets.UTF_8)));
        assertEquals(liars().test(), read.toString());
    }

    @Test
    default void showsNoContainerTheVolumeOfAnother() throws Exception {
        ContainerHost host = host();
        Volumes volumes = host.volumes().orElseThrow();
        ContainerId one = liars().seeing(volumes.mount(ContainerHostContract.VOLUME, "/mounted", false));
        host.writeFile(one, "/mounted/kept", new ByteArrayInputStream(new byte[] {1}), 1);
        ContainerId two = liars().create("idle", "x");
        VirtainerException e = assertThrows(
                VirtainerException.class, () -> host.readFile(two, "/mounted/kept", (content, size) -> {}));
        assertEquals(Failure.COPY_FAILED, e.failure());
    }
}
