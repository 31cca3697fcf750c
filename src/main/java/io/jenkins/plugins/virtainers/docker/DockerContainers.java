package io.jenkins.plugins.virtainers.docker;

import com.github.dockerjava.api.command.StopContainerCmd;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.WaitResponse;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.Containers;
import io.jenkins.plugins.virtainers.engine.spec.NetworkJoin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The containers of an engine. */
final class DockerContainers implements Containers {
    private static final Logger LOGGER = Logger.getLogger(DockerContainers.class.getName());

    /** Storage drivers that copy, on a busy disk. */
    private static final Duration CREATE = Duration.ofMinutes(2);
    /** More than anybody gives a container of their own accord. */
    private static final Duration LONGEST_STOP = Duration.ofHours(1);
    /** Beyond the grace time that the engine was asked to give. */
    private static final Duration STOP_MARGIN = Duration.ofSeconds(30);

    private final Connection engine;
    private final Calls calls;

    DockerContainers(Connection engine) {
        this.engine = engine;
        this.calls = engine.calls();
    }

    @Override
    public ContainerId create(ContainerRequest request) {
        ContainerId container = createOnFirstNetwork(request);
        try {
            request.networks().stream().skip(1).forEach(network -> join(container, request, network));
            if (request.lends().isPresent()) {
                fillVolumes(container);
            }
            return container;
        } catch (VirtainerException e) {
            discard(container);
            throw e;
        }
    }

    /**
     * Docker copies what an image has into a new volume when it creates a container, Podman when it prepares one to be
     * started. Its program is none (see {@link ContainerCreation}), so nothing of the image runs.
     */
    private void fillVolumes(ContainerId container) {
        String what = "prepare container " + container;
        try {
            calls.finishing(
                    CREATE,
                    what,
                    () -> engine.client().startContainerCmd(container.value()).exec());
        } catch (DockerException e) {
            LOGGER.log(
                    Level.FINE, "Container {0} lends what it has: {1}", new Object[] {container, EngineAnswer.of(e)});
        }
    }

    private void discard(ContainerId container) {
        try {
            calls.finishing(
                    Connection.CALL,
                    "remove container " + container,
                    () -> engine.client()
                            .removeContainerCmd(container.value())
                            .withForce(true)
                            .withRemoveVolumes(true)
                            .exec());
        } catch (DockerException | VirtainerException e) {
            LOGGER.log(Level.WARNING, "Cannot remove container {0}: {1}", new Object[] {container, e.getMessage()});
        }
    }

    /** One creation joins one network, before Docker 25. */
    private void join(ContainerId container, ContainerRequest request, NetworkJoin network) {
        String what = "join container %s to network %s".formatted(request.name(), network.network());
        com.github.dockerjava.api.model.ContainerNetwork wanted =
                new com.github.dockerjava.api.model.ContainerNetwork();
        network.address()
                .ifPresent(address -> wanted.withIpamConfig(
                        new com.github.dockerjava.api.model.ContainerNetwork.Ipam().withIpv4Address(address)));
        try {
            calls.finishing(
                    CREATE,
                    what,
                    () -> engine.client()
                            .connectToNetworkCmd()
                            .withNetworkId(network.network())
                            .withContainerId(container.value())
                            .withContainerNetwork(wanted)
                            .exec());
        } catch (DockerException e) {
            throw refusedOrWithoutKvm(what, e);
        }
    }

    private ContainerId createOnFirstNetwork(ContainerRequest request) {
        String what = "create container " + request.name();
        try {
            return new ContainerId(calls.finishing(
                    CREATE,
                    what,
                    () -> ContainerCreation.of(request, engine).exec().getId()));
        } catch (DockerException e) {
            if (e instanceof ConflictException || isNameTaken(e)) {
                throw Failure.NAME_IN_USE.because(
                        "Cannot %s on %s: a container of that name exists. Choose another name, or remove it: virtainer rm %s"
                                .formatted(what, engine.endpoint(), request.name()),
                        e);
            }
            throw refusedOrWithoutKvm(what, e);
        }
    }

    @Override
    public void start(ContainerId container) throws InterruptedException {
        String what = "start container " + container;
        try {
            calls.within(
                    CREATE,
                    what,
                    () -> engine.client().startContainerCmd(container.value()).exec());
        } catch (NotModifiedException e) {
            LOGGER.log(Level.FINE, "Container {0} runs already", container);
        } catch (DockerException e) {
            throw refusedOrWithoutKvm(what, e);
        }
    }

    @Override
    public Optional<Container> inspect(String idOrName) throws InterruptedException {
        return engine.find(
                        "inspect container " + idOrName,
                        () -> engine.client().inspectContainerCmd(idOrName).exec())
                .map(response -> Inspection.container(response, engine.endpoint()));
    }

    @Override
    public List<Container> list(Map<String, String> labels) throws InterruptedException {
        List<String> filters = labels.entrySet().stream()
                .map(label -> label.getValue().isEmpty() ? label.getKey() : label.getKey() + "=" + label.getValue())
                .toList();
        List<Container> containers = new ArrayList<>();
        for (com.github.dockerjava.api.model.Container listed : engine.ask(
                "list containers",
                () -> engine.client()
                        .listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(filters)
                        .exec())) {
            // One that vanishes in between was somebody's to remove.
            inspect(listed.getId()).ifPresent(containers::add);
        }
        return containers;
    }

    @Override
    public CompletableFuture<Integer> exitStatus(ContainerId container) {
        CompletableFuture<Integer> status = new CompletableFuture<>();
        StreamCallback<WaitResponse> answer =
                new StreamCallback<>(response -> status.complete(response.getStatusCode()));
        engine.streams().waitContainerCmd(container.value()).exec(answer);
        String what = "wait for container " + container;
        answer.ended().whenComplete((nothing, thrown) -> {
            if (thrown instanceof NotFoundException) {
                status.completeExceptionally(Failure.CONTAINER_ENDED.because(
                        "Container %s on %s was removed.".formatted(container, engine.endpoint()), thrown));
            } else if (thrown != null) {
                status.completeExceptionally(calls.failure(what, thrown));
            } else {
                status.completeExceptionally(Failure.ENGINE_UNREACHABLE.because(
                        "Cannot %s on %s: the container engine broke off. Is it still running?"
                                .formatted(what, engine.endpoint())));
            }
        });
        status.whenComplete((value, thrown) -> answer.close());
        return status;
    }

    @Override
    public void stop(ContainerId container, Optional<Duration> grace) throws InterruptedException {
        String what = "stop container " + container;
        try {
            calls.within(
                    grace.orElse(LONGEST_STOP).plus(STOP_MARGIN),
                    what,
                    () -> stopping(container, grace).exec());
        } catch (NotFoundException | NotModifiedException e) {
            LOGGER.log(Level.FINE, "Container {0} has ended already", container);
        } catch (DockerException e) {
            throw calls.refused(what, e);
        }
    }

    private StopContainerCmd stopping(ContainerId container, Optional<Duration> grace) {
        StopContainerCmd stop = engine.streams().stopContainerCmd(container.value());
        return grace.map(time -> stop.withTimeout(Math.toIntExact(time.toSeconds())))
                .orElse(stop);
    }

    @Override
    public void remove(ContainerId container) throws InterruptedException {
        String what = "remove container " + container;
        kill(container, what);
        try {
            calls.within(
                    Connection.CALL,
                    what,
                    () -> engine.client()
                            .removeContainerCmd(container.value())
                            .withForce(true)
                            .withRemoveVolumes(true)
                            .exec());
        } catch (NotFoundException e) {
            LOGGER.log(Level.FINE, "Container {0} is gone already", container);
        } catch (ConflictException e) {
            // "Removal is already in progress": somebody else's call does the same.
            LOGGER.log(Level.FINE, "Container {0} is being removed already", container);
        } catch (DockerException e) {
            throw calls.refused(what, e);
        }
    }

    /** Podman would ask it to stop before it removes it, and give it all of its stop timeout. */
    private void kill(ContainerId container, String what) throws InterruptedException {
        try {
            calls.within(
                    Connection.CALL,
                    what,
                    () -> engine.client().killContainerCmd(container.value()).exec());
        } catch (DockerException e) {
            LOGGER.log(Level.FINE, "Container {0} does not run", container);
        }
    }

    private VirtainerException refusedOrWithoutKvm(String what, DockerException answer) {
        String says = EngineAnswer.of(answer);
        boolean withoutKvm = says.contains(KvmNode.PATH)
                && (says.contains("no such file") || says.contains("not a device") || says.contains("stat "));
        if (withoutKvm) {
            return Failure.PLATFORM.because(
                    "Cannot %s on %s: the host has no %s. Set acceleration to \"tcg\"."
                            .formatted(what, engine.endpoint(), KvmNode.PATH),
                    answer);
        }
        return DockerNetworks.blamed(what, engine.endpoint(), answer).orElseGet(() -> calls.refused(what, answer));
    }

    private static boolean isNameTaken(DockerException answer) {
        // Podman answers 500 where Docker answers 409.
        return EngineAnswer.of(answer).contains("name is already in use")
                || EngineAnswer.of(answer).contains("is already in use by");
    }
}
