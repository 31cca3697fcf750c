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
        write(one, "/mounted/kept");
        host.remove(one);
        ContainerId two = liars().seeing(volumes.mount(ContainerHostContract.VOLUME, "/elsewhere", true));
        assertEquals(liars().test(), read(two, "/elsewhere/kept"));
    }

    @Test
    default void lendsAFolderOfAnImageToAContainerThatOutlivesTheLender() throws Exception {
        ContainerHost host = host();
        ContainerId made = liars().create("idle", "x");
        write(made, "/tmp/kept");
        host.commits().orElseThrow().commit(made, ContainerHostContract.PUBLISHED);
        ContainerId lender = liars().lending(ContainerHostContract.PUBLISHED, "/tmp");
        ContainerId borrower = liars().borrowing(lender);
        host.remove(lender);
        assertEquals(liars().test(), read(borrower, "/tmp/kept"));
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

    /** Leaves the test's name in a file. */
    private void write(ContainerId container, String path) throws Exception {
        byte[] written = liars().test().getBytes(StandardCharsets.UTF_8);
        host().writeFile(container, path, new ByteArrayInputStream(written), written.length);
    }

    private String read(ContainerId container, String path) throws Exception {
        StringBuilder read = new StringBuilder();
        host().readFile(
                        container,
                        path,
                        (content, size) ->
                                read.append(new String(content.readNBytes((int) size), StandardCharsets.UTF_8)));
        return read.toString();
    }
}
