package io.jenkins.plugins.virtainers.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gets images onto a container host. */
final class Images {
    private static final Duration PULL = Duration.ofMinutes(30);

    /** Where the runtime keeps what it fetched, for the next container too. */
    private static final List<VolumeMount> FETCHED = List.of(new VolumeMount("virtainers-images", "/images", false));

    private final ContainerHost host;
    private final ImageSource source;

    Images(ContainerHost host, ImageSource source) {
        this.host = host;
        this.source = source;
    }

    /** What a container with these variables of the runtime sees of the disk images that were fetched. */
    static List<VolumeMount> volumes(Map<String, String> variables) {
        return variables.containsKey("IMAGE_URL") && !variables.containsKey("IMAGE_CACHE") ? FETCHED : List.of();
    }

    /** The image, from where it is nearest: the host, a registry, the last resort. */
    ContainerImage ensure(ImageRef image, Progress progress) throws InterruptedException {
        Optional<ContainerImage> local = host.findImage(image);
        return requireVirtainer(image, local.isPresent() ? local.get() : fetch(image, progress));
    }

    private ContainerImage fetch(ImageRef image, Progress progress) throws InterruptedException {
        progress.step("Pulling " + image.reference());
        try {
            host.pull(image, progress::detail, PULL);
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

    private ContainerImage requireVirtainer(ImageRef image, ContainerImage found) {
        if (found.label(Labels.CONTRACT).isEmpty()) {
            throw Failure.NOT_A_VIRTAINER.because(
                    "Cannot boot %s on %s: the image holds no virtual machine (it lacks the label %s). See: virtainer images"
                            .formatted(image, host.address(), Labels.CONTRACT));
        }
        return found;
    }
}
