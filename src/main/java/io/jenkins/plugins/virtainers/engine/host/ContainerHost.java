package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import java.util.Optional;

/**
 * An engine that runs containers, here or elsewhere: the roles that every engine has, and those that it may have.
 * Implementations are safe for use by several threads.
 *
 * <p>Every call of every role blocks, ends within a deadline of its own, and can be interrupted, except {@link #create},
 * which finishes first so that nothing is created unseen. Every call may throw a {@link VirtainerException}: {@link
 * Failure#ENGINE_UNREACHABLE} when nobody answers, {@link Failure#ENGINE_TIMEOUT} when the answer does not come, {@link
 * Failure#ENGINE_REFUSED} when the answer is no, {@link Failure#ENGINE_CONFIGURATION} when this client may not ask.
 */
public interface ContainerHost
        extends Containers, ContainerFiles, ContainerLogs, ContainerExecs, ContainerImages, AutoCloseable {
    /** How people name this host in a configuration: {@code unix:///var/run/docker.sock}. Does no input or output. */
    String address();

    /** Whether the host is the machine that this code runs on, so that its containers' addresses may be reachable. */
    boolean isLocal();

    /**
     * Whether the addresses at which it publishes ports mean the same here as there. Where they do not, guests are reached
     * through the engine alone. Does no input or output.
     */
    default boolean leadsToPorts() {
        return true;
    }

    /** What the host is; the call that shows whether it answers at all. */
    HostInfo info() throws InterruptedException;

    /** Its networks; empty where all containers are on the same, and none can be made. Does no input or output. */
    Optional<ContainerNetworks> networks();

    /** Its volumes; empty where nothing outlives a container. Does no input or output. */
    Optional<Volumes> volumes();

    /** How it makes images of containers; empty where it cannot. Does no input or output. */
    Optional<Commits> commits();

    /**
     * What is thrown for want of a role, before anything is made.
     *
     * @param what cannot be done: {@code join network one}
     * @param lacking what the host would need: {@code networks to choose from}
     */
    default VirtainerException unable(String what, String lacking) {
        return Failure.UNSUPPORTED.because(
                "Cannot %s on %s: a container host of this kind has no %s; Docker and Podman have."
                        .formatted(what, address(), lacking));
    }

    /** Lets go of all connections. Streams that are still open end. */
    @Override
    void close();
}
