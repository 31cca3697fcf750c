package io.jenkins.plugins.virtainers.engine.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DisksTest {
    private static final ImageRef PUBLISHED = ImageRef.parse("team/web:1");

    private final FakeContainerHost host = new FakeContainerHost();
    private final Disks disks = new Disks(host);
    private ContainerImage image;
    private ContainerId machine;

    @BeforeEach
    void makeMachine() throws Exception {
        image = host.findImage(FakeContainerHost.IMAGE).orElseThrow();
        machine = host.create(ContainerRequest.of(image.id(), new VmName("web")).build());
        host.putFiles(
                machine,
                List.of(
                        ContainerFile.secret("/tmp/ssh_host_ed25519_key", "secret"),
                        ContainerFile.of(
                                "/run/virtainers/overlay", "/elsewhere/local_image.qcow2\n/guest/disk.qcow2\n"),
                        ContainerFile.of("/elsewhere/local_image.qcow2", "what the guest wrote")));
    }

    private Container inspect() throws InterruptedException {
        return host.inspect("web").orElseThrow();
    }

    @Test
    void publishesTheDiskAndNothingElse() throws Exception {
        disks.publish(inspect(), image, PUBLISHED);
        Map<String, String> files = host.filesOf(PUBLISHED).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        file -> new String(file.getValue().content().bytes(), StandardCharsets.UTF_8)));
        assertEquals(2, files.size(), files.keySet().toString());
        String layer = files.get("/guest/layers/top").strip();
        assertTrue(layer.matches("[0-9a-f]{64}"), layer);
        assertEquals("what the guest wrote", files.get("/guest/layers/" + layer));
        assertEquals(machine, host.onlyContainer().id());
    }

    @Test
    void leavesNothingWhenTheDiskCannotBeRead() throws Exception {
        host.putFiles(machine, List.of(ContainerFile.of("/run/virtainers/overlay", "/nowhere")));
        Container container = inspect();
        VirtainerException e = assertThrows(VirtainerException.class, () -> disks.publish(container, image, PUBLISHED));
        assertEquals(Failure.COPY_FAILED, e.failure());
        assertEquals(machine, host.onlyContainer().id());
        assertTrue(host.findImage(PUBLISHED).isEmpty());
    }

    @Test
    void publishesNoDiskOverAnImageThatIsSomebodyElses() throws Exception {
        host.putFiles(
                machine,
                List.of(ContainerFile.of("/run/virtainers/overlay", "/elsewhere/local_image.qcow2\n/image\n")));
        Container container = inspect();
        VirtainerException e = assertThrows(VirtainerException.class, () -> disks.publish(container, image, PUBLISHED));
        assertEquals(Failure.COPY_FAILED, e.failure());
        assertTrue(e.getMessage().contains("booted from /image"), e.getMessage());
        assertTrue(host.findImage(PUBLISHED).isEmpty());
        StringBuilder exported = new StringBuilder();
        disks.export(
                container,
                (content, size) -> exported.append(new String(content.readAllBytes(), StandardCharsets.UTF_8)));
        assertEquals("what the guest wrote", exported.toString());
    }

    @Test
    void saysThatAHostMakesNoImagesOfContainersBeforeItMakesAnything() throws Exception {
        host.lack(FakeContainerHost.Role.COMMITS);
        Container container = inspect();
        VirtainerException e = assertThrows(VirtainerException.class, () -> disks.publish(container, image, PUBLISHED));
        assertEquals(Failure.UNSUPPORTED, e.failure());
        assertEquals(
                "Cannot make image team/web:1 of web on fake://host: a container host of this kind has no way to make"
                        + " images of containers; Docker and Podman have.",
                e.getMessage());
        assertEquals(1, Collections.frequency(host.calls(), FakeContainerHost.Call.CREATE));
        StringBuilder exported = new StringBuilder();
        disks.export(
                container,
                (content, size) -> exported.append(new String(content.readAllBytes(), StandardCharsets.UTF_8)));
        assertEquals("what the guest wrote", exported.toString());
    }

    @Test
    void saysThatAHostHasNoVolumesToPutADiskInto() {
        host.lack(FakeContainerHost.Role.VOLUMES);
        VirtainerException e = assertThrows(
                VirtainerException.class, () -> disks.importInto("web-disk", image, InputStream.nullInputStream(), 0));
        assertEquals(Failure.UNSUPPORTED, e.failure());
        assertTrue(
                e.getMessage().startsWith("Cannot put a disk into volume web-disk on fake://host: "), e.getMessage());
        assertEquals(1, Collections.frequency(host.calls(), FakeContainerHost.Call.CREATE));
    }

    @Test
    void putsADiskIntoAVolumeAndLeavesNoContainer() throws Exception {
        byte[] disk = {1, 2, 3};
        disks.importInto("web-disk", image, new ByteArrayInputStream(disk), disk.length);
        assertEquals(2, Collections.frequency(host.calls(), FakeContainerHost.Call.CREATE));
        assertEquals(machine, host.onlyContainer().id());
    }

    @Test
    void takesNoDiskOfAMachineThatRuns() throws Exception {
        host.start(machine);
        Container running = inspect();
        VirtainerException e =
                assertThrows(VirtainerException.class, () -> disks.export(running, (content, size) -> {}));
        assertEquals(Failure.MACHINE_RUNS, e.failure());
        assertTrue(e.getMessage().contains("virtainer stop web"), e.getMessage());
        assertEquals(
                Failure.MACHINE_RUNS,
                assertThrows(VirtainerException.class, () -> disks.publish(running, image, PUBLISHED))
                        .failure());
    }
}
