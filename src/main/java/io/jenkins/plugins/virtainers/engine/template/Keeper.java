package io.jenkins.plugins.virtainers.engine.template;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.errand.Creation;
import io.jenkins.plugins.virtainers.engine.errand.Errand;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import io.jenkins.plugins.virtainers.engine.host.Volumes;
import io.jenkins.plugins.virtainers.engine.image.Images;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container that may write the memory templates of a host, from which the guests of others are restored. It is always
 * of this installation's own runtime; the image of a guest may be anybody's, and lends it the guest's files.
 *
 * @param host where
 * @param volumes of the host
 * @param runtime the image of this installation's own runtime, on the host
 * @param name of the container
 * @param variables of the runtime
 * @param command for the runtime
 */
record Keeper(
        ContainerHost host,
        Volumes volumes,
        ContainerImage runtime,
        VmName name,
        Map<String, String> variables,
        List<String> command) {
    /** Where an image has its guest. */
    private static final String GUEST = "/guest";

    Keeper {
        requireNonNull(host, "host");
        requireNonNull(volumes, "volumes");
        requireNonNull(runtime, "runtime");
        requireNonNull(name, "name");
        variables = Map.copyOf(variables);
        command = List.copyOf(command);
    }

    /**
     * Starts it, with the host's /dev/kvm where there is one, as the guests that use the template have it. When this
     * throws, nothing is left of it.
     *
     * @param image of the guest, by its id; empty for none
     * @param files that it has before it starts
     */
    ContainerId start(Optional<String> image, List<ContainerFile> files) throws InterruptedException {
        return start(request(), image, files);
    }

    /** The same, for who does not wait for its end. */
    ContainerId startAndLeave(Optional<String> image, List<ContainerFile> files) throws InterruptedException {
        return start(request().removedWhenEnded(), image, files);
    }

    private ContainerRequest.Builder request() throws InterruptedException {
        List<Volumes.Mount> mounts = new ArrayList<>(Templates.mounts(volumes, false));
        mounts.addAll(Images.mounts(volumes, variables, false));
        return ContainerRequest.of(runtime.id(), name)
                .env(variables)
                .labels(Templates.KEEPERS)
                .command(command.toArray(String[]::new))
                .kvm(!"tcg".equals(variables.get("ACCEL")) && host.info().kvm() != HostInfo.KvmDevice.ABSENT)
                .volumes(mounts)
                .rights(ContainerRequest.Rights.TEMPLATES);
    }

    private ContainerId start(ContainerRequest.Builder asked, Optional<String> image, List<ContainerFile> files)
            throws InterruptedException {
        if (image.isEmpty() || image.get().equals(runtime.id()) || variables.containsKey("IMAGE_URL")) {
            return Errand.startWithKvmOrWithout(host, asked.build(), files);
        }
        // No program of that image is ever started here.
        ContainerId lender = Creation.of(
                host,
                ContainerRequest.of(image.get(), new VmName(name + "-guest"))
                        .labels(Templates.KEEPERS)
                        .lends(GUEST)
                        .build());
        try {
            return Errand.startWithKvmOrWithout(
                    host, asked.borrows(Optional.of(lender)).build(), files);
        } finally {
            Errand.discard(host, lender);
        }
    }
}
