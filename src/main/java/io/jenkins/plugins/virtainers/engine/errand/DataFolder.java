package io.jenkins.plugins.virtainers.engine.errand;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.host.Volumes;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.spec.RuntimeVariables;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.time.Duration;
import java.util.List;

/** The folder of a host in which a guest's disk is kept. */
public final class DataFolder {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private DataFolder() {}

    /**
     * Makes sure that a guest can write to the folder that its spec names, if it does: makes one that is missing, and gives
     * an empty one of root's to the user that runs guests. Any other stays as it is.
     *
     * @param image that holds the runtime of this installation
     * @throws VirtainerException {@link Failure#RIGHTS} when the folder is somebody else's
     */
    public static void claim(ContainerHost host, VmSpec spec, ContainerImage image, Ownership ownership)
            throws InterruptedException {
        if (spec.data().isEmpty() || host.volumes().isEmpty()) {
            return;
        }
        Volumes.Mount folder = host.volumes().get().mount(spec.data().get(), RuntimeVariables.USUAL_IMAGE_DIR, false);
        if (!folder.isFolder()) {
            return;
        }
        ContainerRequest request = ContainerRequest.of(image.id(), VmName.random())
                .labels(ownership.labels())
                .command("claim", RuntimeVariables.USUAL_IMAGE_DIR)
                .volumes(List.of(folder))
                .rights(ContainerRequest.Rights.FOLDERS)
                .build();
        new Errand(host, "keep the disk of %s in %s".formatted(spec.name(), folder.volume()), TIMEOUT)
                .finish(Errand.start(host, request, List.of()), Progress.SILENT);
    }
}
