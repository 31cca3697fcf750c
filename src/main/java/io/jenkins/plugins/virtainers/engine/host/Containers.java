package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The containers of a host, from their creation to their end. */
public interface Containers {
    /**
     * Creates a container without starting it.
     *
     * @throws VirtainerException {@link Failure#NAME_IN_USE}; {@link Failure#PLATFORM} when the host lacks /dev/kvm
     *     although the request asks for it; {@link Failure#NETWORK} as {@link #start} throws it
     */
    ContainerId create(ContainerRequest request) throws InterruptedException;

    /**
     * Starts a created container.
     *
     * @throws VirtainerException {@link Failure#PLATFORM} when the host lacks /dev/kvm although the request asked for it;
     *     {@link Failure#NETWORK} when a network of the request is not there, does not have the address, or has lost its
     *     parent
     */
    void start(ContainerId container) throws InterruptedException;

    /**
     * Looks at a container.
     *
     * @param idOrName either of them
     * @return empty when there is none
     */
    Optional<Container> inspect(String idOrName) throws InterruptedException;

    /** Every container, running or not, that has all of these labels. An empty value matches any value. */
    List<Container> list(Map<String, String> labels) throws InterruptedException;

    /**
     * Completes with the exit status when the container ends, at once if it has; exceptionally, with a {@link
     * VirtainerException}, when the host is lost or the container was removed first. Cancelling gives up the wait.
     */
    CompletableFuture<Integer> exitStatus(ContainerId container);

    /**
     * Asks a container to end, and ends it when the grace time is over. Does nothing when it has ended or is gone.
     *
     * @param grace empty for the {@link ContainerRequest#stopTimeout} that it was created with
     */
    void stop(ContainerId container, Optional<Duration> grace) throws InterruptedException;

    /** Removes a container, running or not, with its anonymous volumes. Does nothing when there is none. */
    void remove(ContainerId container) throws InterruptedException;
}
