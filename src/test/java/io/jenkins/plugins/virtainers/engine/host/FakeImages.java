package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost.Call;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The images of a fake host. */
final class FakeImages implements ContainerImages {
    private final FakeFaults faults;
    private final Map<String, ContainerImage> images = new HashMap<>();
    private final Map<String, Map<String, ContainerFile>> committed = new HashMap<>();

    FakeImages(FakeFaults faults) {
        this.faults = faults;
    }

    void add(ImageRef image, Map<String, String> labels, Instant created) {
        ContainerImage added = new ContainerImage(
                "sha256:" + image.reference().hashCode(), List.of(image.reference()), labels, 1 << 20, created);
        faults.alone(() -> {
            images.put(image.reference(), added);
        });
    }

    void add(ImageRef image, FakeContainer container, Instant created) {
        add(image, container.describe().labels(), created);
        faults.alone(() -> {
            committed.put(image.reference(), container.files());
        });
    }

    Map<String, ContainerFile> filesOf(ImageRef image) {
        return faults.alone(() -> committed.get(image.reference()));
    }

    @Override
    public Optional<ContainerImage> findImage(ImageRef image) throws InterruptedException {
        return faults.doing(Call.FIND_IMAGE, () -> Optional.ofNullable(images.get(image.reference())));
    }

    @Override
    public List<ContainerImage> images(String label) {
        return faults.alone(() -> images.values().stream()
                .filter(image -> image.label(label).isPresent())
                .toList());
    }

    @Override
    public void pull(ImageRef image, Consumer<String> progress, Duration timeout) throws InterruptedException {
        faults.doing(Call.PULL, () -> {
            if (!images.containsKey(image.reference())) {
                throw Failure.IMAGE_NOT_FOUND.because("Cannot find image " + image + " on fake://host.");
            }
            return images.get(image.reference());
        });
    }

    /** The labels of a container: its image's, and its own. */
    Map<String, String> labelsOf(ContainerRequest request) {
        Map<String, String> labels = new HashMap<>();
        images.values().stream()
                .filter(image -> image.id().equals(request.image()))
                .forEach(image -> labels.putAll(image.labels()));
        labels.putAll(request.labels());
        return labels;
    }
}
