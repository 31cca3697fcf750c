package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.spec.Subnet;
import java.util.List;
import java.util.Optional;

/** Networks that containers can join, and that can be made and removed. Not every host has them. */
public interface ContainerNetworks {
    /** Every network that containers can join. */
    List<ContainerNetwork> list() throws InterruptedException;

    /**
     * Makes a network whose containers reach each other and the world.
     *
     * @param subnet of its addresses; empty leaves it to the host
     * @throws VirtainerException {@link Failure#NAME_IN_USE}; {@link Failure#NETWORK} when another network has some of
     *     these addresses
     */
    void create(String name, Optional<Subnet> subnet) throws InterruptedException;

    /** Removes a network that no container is on. Does nothing when there is none. */
    void remove(String name) throws InterruptedException;

    /** What the host itself reaches, but for the way into the world; empty where that cannot be seen from here. */
    Optional<List<Subnet>> routes();
}
