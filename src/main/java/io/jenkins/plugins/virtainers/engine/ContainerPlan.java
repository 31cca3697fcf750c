package io.jenkins.plugins.virtainers.engine;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.GuestScreen;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.ContainerNetwork;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import io.jenkins.plugins.virtainers.engine.host.Volumes;
import io.jenkins.plugins.virtainers.engine.image.Images;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.network.Networks;
import io.jenkins.plugins.virtainers.engine.spec.Acceleration;
import io.jenkins.plugins.virtainers.engine.spec.BootMode;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import io.jenkins.plugins.virtainers.engine.spec.NetworkMode;
import io.jenkins.plugins.virtainers.engine.spec.PublishedPort;
import io.jenkins.plugins.virtainers.engine.spec.RuntimeVariables;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import io.jenkins.plugins.virtainers.engine.template.Templates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The container in which a virtual machine runs, as its spec and its host have it. */
public final class ContainerPlan {
    /** What a guest may write to its console is without end. */
    private static final MemorySize LOG_SPACE = MemorySize.ofMegabytes(16);

    /**
     * What a container may take beside its guest's memory: QEMU's own, which emulation lets grow by what it translated,
     * to 1 GiB at most, the runtime's, and files being read and written. docs/performance.md has what was measured.
     */
    private static final MemorySize MEMORY_MARGIN = MemorySize.ofMegabytes(2048);

    /** Of QEMU for disks and the network, and of whoever looks into the container; a guest's CPUs are threads, too. */
    private static final int PROCESSES_MARGIN = 1024;

    /** For the runtime itself, beside what the guest has to power off. */
    private static final Duration STOP_MARGIN = Duration.ofSeconds(5);

    private final ContainerHost host;
    private final Networks networks;

    public ContainerPlan(ContainerHost host) {
        this.host = requireNonNull(host, "host");
        this.networks = new Networks(host);
    }

    /**
     * Makes sure that the host has the roles that a spec needs, before anything is made.
     *
     * @throws VirtainerException {@link Failure#UNSUPPORTED} with what it lacks
     */
    public void requireRoles(VmSpec spec) {
        networks.requireChoice(spec);
        if (host.volumes().isPresent()) {
            return;
        }
        if (spec.data().isPresent()) {
            throw host.unable(
                    "keep the disk of %s in %s"
                            .formatted(spec.name(), spec.data().get()),
                    "volumes");
        }
        if (spec.boot() == BootMode.RESTORE) {
            throw host.unable("restore %s from a memory template".formatted(spec.image()), "volumes");
        }
    }

    /**
     * Makes sure that the host has the memory that a spec wants.
     *
     * @throws VirtainerException {@link Failure#HOST_TOO_SMALL} when it has not
     */
    void requireRoom(VmSpec spec, HostInfo info) {
        if (spec.memory().compareTo(info.memory()) > 0) {
            throw Failure.HOST_TOO_SMALL.because(
                    "Cannot boot %s on %s: %s of memory were asked for and the host has %s. Ask for less, or use a larger host."
                            .formatted(spec.image(), host.address(), spec.memory(), info.memory()));
        }
    }

    /**
     * The container that would be made, but for its labels and its files.
     *
     * @param image as the host knows it
     * @param joined what {@link Networks#joined} says
     */
    public ContainerRequest of(VmSpec spec, String image, HostInfo info, List<ContainerNetwork> joined) {
        return of(spec, image, info, joined, Map.of(), false);
    }

    /** @param fetched whether its disk image was fetched, so that it needs to read it alone */
    ContainerRequest of(
            VmSpec spec,
            String image,
            HostInfo info,
            List<ContainerNetwork> joined,
            Map<String, String> labels,
            boolean fetched) {
        requireRoles(spec);
        Map<String, String> variables = RuntimeVariables.of(spec);
        return ContainerRequest.of(image, spec.name())
                .env(variables)
                .labels(labels)
                .published(published(spec, variables))
                .networks(networks.of(spec))
                .naming(spec.naming())
                .rights(spec.network().wantsRouter() ? ContainerRequest.Rights.ROUTER : ContainerRequest.Rights.GUEST)
                .ipv6(spec.network() == NetworkMode.NAT && joined.stream().anyMatch(ContainerNetwork::ipv6))
                .stopTimeout(spec.stopTimeout().plus(STOP_MARGIN))
                .logSpace(info.boundsLogs() ? Optional.of(LOG_SPACE) : Optional.empty())
                .limits(info.limits() ? Optional.of(limits(spec)) : Optional.empty())
                .kvm(spec.acceleration() != Acceleration.TCG && info.kvm() != HostInfo.KvmDevice.ABSENT)
                .kvmGroup(info.kvmGroup())
                .volumes(host.volumes()
                        .map(volumes -> mounts(volumes, spec, variables, fetched))
                        .orElse(List.of()))
                .build();
    }

    private static ContainerRequest.Limits limits(VmSpec spec) {
        return new ContainerRequest.Limits(spec.memory().plus(MEMORY_MARGIN), PROCESSES_MARGIN + spec.cpus());
    }

    private static List<Volumes.Mount> mounts(
            Volumes volumes, VmSpec spec, Map<String, String> variables, boolean fetched) {
        List<Volumes.Mount> mounts = new ArrayList<>(Templates.mounts(volumes, spec));
        String imageDir = variables.getOrDefault("IMAGE_DIR", RuntimeVariables.USUAL_IMAGE_DIR);
        spec.data().ifPresent(data -> mounts.add(volumes.mount(data, imageDir, false)));
        mounts.addAll(Images.mounts(volumes, variables, fetched));
        return mounts;
    }

    private static List<PublishedPort> published(VmSpec spec, Map<String, String> variables) {
        List<PublishedPort> ports = new ArrayList<>(spec.ports());
        if (RuntimeVariables.haveScreen(variables)
                && ports.stream().noneMatch(port -> port.guest().equals(GuestScreen.BROWSER))) {
            ports.add(PublishedPort.of(GuestScreen.BROWSER));
        }
        return ports;
    }

    /** What the guest is to know in files, being secret or long. */
    static List<ContainerFile> files(VmSpec spec, SshKeyPair hostKey) {
        List<ContainerFile> files = new ArrayList<>();
        files.add(ContainerFile.secret("/tmp/ssh_host_ed25519_key", hostKey.privatePem()));
        if (!spec.authorizedKeys().isEmpty()) {
            files.add(ContainerFile.of("/tmp/id_rsa.pub", String.join("\n", spec.authorizedKeys()) + "\n"));
        }
        spec.userData().ifPresent(data -> files.add(ContainerFile.secret("/tmp/user-data", data)));
        spec.metaData().ifPresent(data -> files.add(ContainerFile.of("/tmp/meta-data", data)));
        spec.vnc().ifPresent(password -> files.add(ContainerFile.secret("/tmp/vnc-password", password.value() + "\n")));
        spec.seed().ifPresent(seed -> files.add(ContainerFile.of("/tmp/cloud_init.iso", seed.content())));
        return files;
    }
}
