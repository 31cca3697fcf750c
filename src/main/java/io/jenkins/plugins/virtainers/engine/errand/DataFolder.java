package io.jenkins.plugins.virtainers.engine.errand;

import static java.util.Objects.requireNonNull;

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
import java.util.Optional;

/**
 * The folder of a host in which a guest's disk is kept.
 *
 * @param host which
 * @param spec of the guest
 * @param folder as a container sees it
 */
public record DataFolder(ContainerHost host, VmSpec spec, Volumes.Mount folder) {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    public DataFolder {
        requireNonNull(host, "host");
        requireNonNull(spec, "spec");
        requireNonNull(folder, "folder");
    }

    /** The one that a spec names, if it does. */
    public static Optional<DataFolder> of(ContainerHost host, VmSpec spec) {
        return host.volumes()
                .flatMap(volumes ->
                        spec.data().map(data -> volumes.mount(data, RuntimeVariables.USUAL_IMAGE_DIR, false)))
                .filter(Volumes.Mount::isFolder)
                .map(folder -> new DataFolder(host, spec, folder));
    }

    /**
     * Makes sure that the guest can write to it: makes one that is missing, and gives an empty one of root's to the user
     * that runs guests. Any other stays as it is.
     *
     * @param runtime the image of this installation's own runtime: what has root's rights over a folder of the host is no
     *     guest's image
     * @throws VirtainerException {@link Failure#RIGHTS} when the folder is somebody else's
     */
    public void claim(ContainerImage runtime, Ownership ownership) throws InterruptedException {
        ContainerRequest request = ContainerRequest.of(runtime.id(), VmName.random())
                .labels(ownership.labels(TIMEOUT))
                .command("claim", RuntimeVariables.USUAL_IMAGE_DIR)
                .volumes(List.of(folder))
                .rights(ContainerRequest.Rights.FOLDERS)
                .build();
        new Errand(host, "keep the disk of %s in %s".formatted(spec.name(), folder.volume()), TIMEOUT)
                .finish(Errand.start(host, request, List.of()), Progress.SILENT);
    }
}
