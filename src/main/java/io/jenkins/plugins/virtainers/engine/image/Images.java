package io.jenkins.plugins.virtainers.engine.image;

import io.jenkins.plugins.virtainers.engine.errand.Errand;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.FixConfigurationException;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.host.RegistryLogins;
import io.jenkins.plugins.virtainers.engine.host.Volumes;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.spec.RuntimeVariables;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Gets images onto a container host. */
public final class Images {
    private static final Duration PULL = Duration.ofMinutes(30);
    /** Of a disk image, and behind somebody else who fetches it. */
    private static final Duration FETCH = Duration.ofHours(2);

    /** Where the runtime keeps what it fetched, for the next container too. */
    private static final String FETCHED = "virtainers-images";

    private static final String FETCHED_PATH = "/images";

    private final ContainerHost host;
    private final ImageSource source;
    private final Catalogue catalogue;

    public Images(ContainerHost host, ImageSource source, Catalogue catalogue) {
        this.host = host;
        this.source = source;
        this.catalogue = catalogue;
    }

    /**
     * What is booted.
     *
     * @param spec with the disk image that a name of the catalogue stands for
     * @param image of the container, which is on the host
     */
    public record Bootable(VmSpec spec, ContainerImage image) {}

    /**
     * What a spec names: an image, from where it is nearest, or a disk image of the catalogue in the runtime's.
     *
     * @param logins who pulls an image
     */
    public Bootable bootable(VmSpec spec, RegistryLogins logins, Progress progress) throws InterruptedException {
        Optional<Catalogue.Entry> known =
                spec.diskImage().isPresent() ? Optional.empty() : catalogue.find(spec.image());
        if (known.isEmpty() || host.findImage(spec.image()).isPresent()) {
            return new Bootable(spec, ensure(spec.image(), logins, progress));
        }
        Catalogue.Entry entry = known.get();
        return new Bootable(
                spec.ofDisk(entry.address(), entry.checksum(), entry.user()), ensure(ImageRef.RUNTIME, progress));
    }

    /** What a container with these variables of the runtime sees of the disk images that were fetched. */
    public static List<Volumes.Mount> mounts(Volumes volumes, Map<String, String> variables, boolean readOnly) {
        return areKept(variables) ? List.of(volumes.mount(FETCHED, FETCHED_PATH, readOnly)) : List.of();
    }

    private static boolean areKept(Map<String, String> variables) {
        return variables.containsKey("IMAGE_URL") && !variables.containsKey("IMAGE_CACHE");
    }

    /**
     * Has the disk image fetched that a guest of a spec boots from, if it is one of an address, unless it is there: by a
     * container that runs no guest, since others boot from it as well.
     *
     * @param joins the networks of the guest
     * @return whether it is there; if not, the guest's own container gets it for itself
     * @throws VirtainerException what the container's end stands for, such as {@link Failure#IMAGE_MISSING}
     */
    public boolean fetchDisk(VmSpec spec, List<NetworkJoin> joins, Ownership ownership, Progress progress)
            throws InterruptedException {
        Map<String, String> variables = RuntimeVariables.of(spec);
        Optional<Volumes> volumes = host.volumes();
        if (volumes.isEmpty() || !areKept(variables)) {
            return false;
        }
        ContainerImage runtime = ensure(ImageRef.RUNTIME, progress);
        progress.step("Fetching the disk image of " + spec.image() + ", unless it is there");
        ContainerRequest request = ContainerRequest.of(runtime.id(), VmName.random())
                .env(variables)
                .labels(ownership.labels(FETCH))
                .command("fetch")
                .volumes(mounts(volumes.get(), variables, false))
                // The guest's own address is the guest's.
                .networks(joins.stream()
                        .map(join -> NetworkJoin.of(join.network()))
                        .toList())
                .naming(spec.naming())
                .build();
        new Errand(host, "fetch the disk image of " + spec.image(), FETCH)
                .finish(Errand.start(host, request, List.of()), progress);
        return true;
    }

    /** The image, from where it is nearest: the host, a registry that asks for no login, the last resort. */
    public ContainerImage ensure(ImageRef image, Progress progress) throws InterruptedException {
        return ensure(image, RegistryLogins.NONE, progress);
    }

    private ContainerImage ensure(ImageRef image, RegistryLogins logins, Progress progress)
            throws InterruptedException {
        Optional<ContainerImage> local = host.findImage(image);
        return requireVirtainer(image, local.isPresent() ? local.get() : fetch(image, logins, progress));
    }

    private ContainerImage fetch(ImageRef image, RegistryLogins logins, Progress progress) throws InterruptedException {
        requireVersion(image);
        progress.step("Pulling " + image.reference());
        try {
            host.pull(image, logins, progress::detail, PULL);
        } catch (FixConfigurationException notPulled) {
            if (notPulled.failure() != Failure.IMAGE_NOT_FOUND || !source.make(image, progress)) {
                throw notPulled;
            }
        }
        return host.findImage(image)
                .orElseThrow(() -> Failure.IMAGE_NOT_FOUND.because(
                        "Cannot find %s on %s although it was just fetched. Did somebody remove it? Try again."
                                .formatted(image, host.address())));
    }

    /** The project has no newest of anything: who says debian means one of those that there are. */
    private void requireVersion(ImageRef image) throws InterruptedException {
        if (!image.isOwn() || !image.version().equals(":latest") || image.equals(ImageRef.RUNTIME)) {
            return;
        }
        String name = image.toString().replaceFirst(":latest$", "");
        List<String> meant = Stream.concat(
                        host.images(Labels.USER).stream()
                                .flatMap(there -> there.tags().stream())
                                .map(tag -> ImageRef.parse(tag.replaceFirst("^localhost/", ""))
                                        .toString()),
                        Stream.concat(source.names().stream(), catalogue.names().stream()))
                .filter(known -> known.startsWith(name + ":"))
                .distinct()
                .sorted()
                .toList();
        if (!meant.isEmpty()) {
            throw Failure.IMAGE_NOT_FOUND.because(
                    "Which %s? There is no newest one: write %s.".formatted(name, String.join(" or ", meant)));
        }
    }

    private ContainerImage requireVirtainer(ImageRef image, ContainerImage found) {
        if (found.label(Labels.CONTRACT).isEmpty()) {
            throw Failure.NOT_A_VIRTAINER.because(
                    "Cannot boot %s on %s: the image holds no virtual machine (it lacks the label %s). See: virtainer images"
                            .formatted(image, host.address(), Labels.CONTRACT));
        }
        return found;
    }
}
