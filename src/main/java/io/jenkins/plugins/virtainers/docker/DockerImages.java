package io.jenkins.plugins.virtainers.docker;

import com.github.dockerjava.api.command.InspectImageResponse;
import com.github.dockerjava.api.command.PullImageCmd;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.Commits;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.host.ContainerImages;
import io.jenkins.plugins.virtainers.engine.host.RegistryLogins;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The images of an engine: found, pulled, and made of containers. */
final class DockerImages implements ContainerImages, Commits {
    private final Connection engine;
    private final Calls calls;

    DockerImages(Connection engine) {
        this.engine = engine;
        this.calls = engine.calls();
    }

    @Override
    public Optional<ContainerImage> findImage(ImageRef image) throws InterruptedException {
        for (String spelling : image.localSpellings()) {
            Optional<InspectImageResponse> found = engine.find(
                    "look for image " + image,
                    () -> engine.client().inspectImageCmd(spelling).exec());
            if (found.isPresent()) {
                return Optional.of(image(found.get()));
            }
        }
        return Optional.empty();
    }

    @Override
    public List<ContainerImage> images(String label) throws InterruptedException {
        return engine
                .ask(
                        "list images",
                        () -> engine.client()
                                .listImagesCmd()
                                .withLabelFilter(label)
                                .exec())
                .stream()
                .map(image -> new ContainerImage(
                        image.getId(),
                        tags(image.getRepoTags()),
                        image.getLabels() == null ? Map.of() : image.getLabels(),
                        image.getSize(),
                        Instant.ofEpochSecond(image.getCreated())))
                .toList();
    }

    @Override
    public void pull(ImageRef image, RegistryLogins logins, Consumer<String> progress, Duration timeout)
            throws InterruptedException {
        try (StreamCallback<PullResponseItem> answer = new StreamCallback<>(item -> pulled(item, progress))) {
            PullImageCmd pull = engine.streams().pullImageCmd(image.reference());
            logins.of(image)
                    .map(login -> new AuthConfig()
                            .withRegistryAddress(image.registry())
                            .withUsername(login.user())
                            .withPassword(login.password()))
                    .ifPresent(pull::withAuthConfig);
            pull.exec(answer);
            answer.ended().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw notPulled(image, calls.problem("pull " + image.reference(), e.getCause()));
        } catch (TimeoutException e) {
            throw Failure.ENGINE_TIMEOUT.because(
                    "Cannot pull %s on %s: not done within %d min. Try again, or look at the network."
                            .formatted(image.reference(), engine.endpoint(), timeout.toMinutes()),
                    e);
        }
    }

    @Override
    public void commit(ContainerId container, ImageRef image) throws InterruptedException {
        String what = "make image %s of container %s".formatted(image, container);
        try {
            calls.within(
                    Connection.LARGE_FILE,
                    what,
                    () -> engine.streams()
                            .commitCmd(container.value())
                            .withRepository(image.repository())
                            .withTag(image.version().substring(1))
                            .exec());
        } catch (DockerException e) {
            throw calls.refused(what, e);
        }
    }

    private VirtainerException notPulled(ImageRef image, RuntimeException problem) {
        if (problem instanceof VirtainerException known) {
            return known;
        }
        String says = problem instanceof DockerException answer
                ? EngineAnswer.of(answer)
                : String.valueOf(problem.getMessage());
        return Failure.IMAGE_NOT_FOUND.because(
                "Cannot find image %s on %s, nor pull it: \"%s\". Check the name (virtainer images), or that the registry can be reached."
                        .formatted(image, engine.endpoint(), says),
                problem);
    }

    private static void pulled(PullResponseItem item, Consumer<String> progress) {
        ResponseItem.ErrorDetail error = item.getErrorDetail();
        if (error != null) {
            throw new DockerException(String.valueOf(error.getMessage()), 404);
        }
        if (item.getStatus() != null) {
            progress.accept(item.getId() == null ? item.getStatus() : item.getId() + ": " + item.getStatus());
        }
    }

    private static ContainerImage image(InspectImageResponse response) {
        return new ContainerImage(
                Objects.requireNonNull(response.getId(), "id"),
                Optional.ofNullable(response.getRepoTags()).orElse(List.of()),
                Optional.ofNullable(response.getConfig())
                        .map(config -> config.getLabels())
                        .orElse(Map.of()),
                Optional.ofNullable(response.getSize()).orElse(0L),
                DockerInfo.instant(response.getCreated()).orElse(Instant.EPOCH));
    }

    /** Engines write "<none>:<none>" for an image that has lost its last tag. */
    private static List<String> tags(String[] tags) {
        return tags == null
                ? List.of()
                : Arrays.stream(tags).filter(tag -> !tag.contains("<none>")).toList();
    }
}
