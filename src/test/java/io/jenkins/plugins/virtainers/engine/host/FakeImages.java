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
    /** An image that is not on the host. */
    private record Published(RegistryLogin login, Map<String, String> labels, Instant created) {}

    private final FakeFaults faults;
    private final Map<ImageRef, Published> registry = new HashMap<>();
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

    void remove(ImageRef image) {
        faults.alone(() -> {
            images.remove(image.reference());
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

    /** The same, by the image's id. */
    Map<String, ContainerFile> filesOf(String id) {
        return faults.alone(() -> images.values().stream()
                .filter(image -> image.id().equals(id))
                .flatMap(image -> image.tags().stream())
                .map(tag -> committed.getOrDefault(tag, Map.of()))
                .findFirst()
                .orElse(Map.of()));
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

    /** A registry has it from now on, for whom shows this login. */
    void publish(ImageRef image, RegistryLogin login, Map<String, String> labels, Instant created) {
        faults.alone(() -> {
            registry.put(image, new Published(login, labels, created));
        });
    }

    @Override
    public void pull(ImageRef image, RegistryLogins logins, Consumer<String> progress, Duration timeout)
            throws InterruptedException {
        Optional<RegistryLogin> login = logins.of(image);
        Optional<Published> found = faults.doing(
                Call.PULL,
                () -> Optional.ofNullable(registry.get(image))
                        .filter(published -> login.equals(Optional.of(published.login()))));
        if (found.isPresent()) {
            add(image, found.get().labels(), found.get().created());
        } else if (findImage(image).isEmpty()) {
            throw Failure.IMAGE_NOT_FOUND.because("Cannot find image " + image + " on fake://host.");
        }
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
