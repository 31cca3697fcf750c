package io.jenkins.plugins.virtainers.engine.image;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.errand.Creation;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.Uninterrupted;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.Commits;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerFiles;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.Volumes;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.RuntimeVariables;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What guests wrote, beyond the life of their containers. A guest's disk is its image and an overlay of all that it wrote;
 * the overlay says over which image it belongs, so that the runtime refuses it over any other.
 *
 * <p>Only the disk of a guest that is off is complete, so no other is taken.
 */
public final class Disks {
    /** Where the runtime says, on two lines, where its overlay is and what is below it. */
    private static final String POINTER = "/run/virtainers/overlay";

    /** Where an image has its own disk. */
    private static final String OWN_DISK = "/guest/";

    private static final String OVERLAY = "local_image.qcow2";
    private static final String LAYERS = "/guest/layers/";
    private static final int LONGEST_PATH = 4096;

    private final ContainerHost host;

    /** @param host where the containers are; stays the caller's to close */
    public Disks(ContainerHost host) {
        this.host = requireNonNull(host, "host");
    }

    /**
     * Reads the overlay of a machine that is off.
     *
     * @throws VirtainerException {@link Failure#MACHINE_RUNS}; {@link Failure#COPY_FAILED} when it never ran
     */
    public void export(Container machine, ContainerFiles.FileReader reader) throws InterruptedException {
        requireOff(machine);
        host.readFile(machine.id(), whereDiskIs(machine).get(0), reader);
    }

    /**
     * Puts an overlay into a volume, for machines with {@link VmSpec#data} of that name.
     *
     * @param image any that holds the runtime
     * @throws VirtainerException {@link Failure#UNSUPPORTED} when the host has no volumes
     */
    public void importInto(String volume, ContainerImage image, InputStream overlay, long size)
            throws InterruptedException {
        Volumes volumes = host.volumes().orElseThrow(() -> host.unable("put a disk into volume " + volume, "volumes"));
        ContainerId container = Creation.of(
                host,
                ContainerRequest.of(image.id(), VmName.random())
                        .volumes(List.of(volumes.mount(volume, RuntimeVariables.USUAL_IMAGE_DIR, false)))
                        .build());
        try {
            host.writeFile(container, RuntimeVariables.USUAL_IMAGE_DIR + "/" + OVERLAY, overlay, size);
        } finally {
            discard(container);
        }
    }

    /**
     * Makes an image of a machine that is off: its own image, and one layer with all that the guest wrote. Nothing else of
     * the container gets into it, no key and no seed; and guests of it forget the keys of the one that it was made of.
     *
     * @param own the image that the machine was made of, on the host
     * @throws VirtainerException {@link Failure#UNSUPPORTED} when the host makes no images of containers; {@link
     *     Failure#MACHINE_RUNS}; {@link Failure#COPY_FAILED} when it never ran, or has the disk image of somebody else
     *     below its own
     */
    public void publish(Container machine, ContainerImage own, ImageRef as) throws InterruptedException {
        Commits commits = host.commits()
                .orElseThrow(() -> host.unable(
                        "make image %s of %s".formatted(as, machine.name()), "way to make images of containers"));
        requireOff(machine);
        List<String> disk = whereDiskIs(machine);
        if (disk.size() > 1 && !disk.get(1).startsWith(OWN_DISK)) {
            throw Failure.COPY_FAILED.because(
                    "Cannot publish %s: it was booted from %s, which is no part of its image. Take what it wrote: virtainer diff export %s FILE"
                            .formatted(machine.name(), disk.get(1), machine.name()));
        }
        String overlay = disk.get(0);
        String layer = (java.util.UUID.randomUUID().toString() + java.util.UUID.randomUUID()).replace("-", "");
        // Not by Creation, whose label would be one of the image too.
        ContainerId container = host.create(
                ContainerRequest.of(own.id(), VmName.random()).labels(Map.of()).build());
        try {
            // With which the directory is there.
            host.putFiles(container, List.of(ContainerFile.of(LAYERS + "top", layer + "\n")));
            host.readFile(
                    machine.id(), overlay, (content, size) -> host.writeFile(container, LAYERS + layer, content, size));
            commits.commit(container, as);
        } finally {
            discard(container);
        }
    }

    private List<String> whereDiskIs(Container machine) throws InterruptedException {
        StringBuilder paths = new StringBuilder();
        host.readFile(
                machine.id(),
                POINTER,
                (content, size) ->
                        paths.append(new String(content.readNBytes(LONGEST_PATH), StandardCharsets.UTF_8).strip()));
        return paths.toString().lines().toList();
    }

    private void requireOff(Container machine) {
        if (machine.isRunning()) {
            throw Failure.MACHINE_RUNS.because(
                    "Virtual machine %s on %s runs, and its disk is complete only when it is off. Power it off: virtainer stop %s"
                            .formatted(machine.name(), host.address(), machine.name()));
        }
    }

    private void discard(ContainerId container) {
        Uninterrupted.run(() -> host.remove(container));
    }
}
