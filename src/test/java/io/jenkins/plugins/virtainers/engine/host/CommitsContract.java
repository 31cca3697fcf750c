package io.jenkins.plugins.virtainers.engine.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the engine relies on of hosts that make images of containers. */
interface CommitsContract extends HostUnderTest {
    @Test
    default void makesAnImageOfAContainerWithTheLabelsOfItsOwn() throws Exception {
        ContainerHost host = host();
        ContainerId container = liars().create("idle", "x");
        host.commits().orElseThrow().commit(container, ContainerHostContract.PUBLISHED);
        ContainerImage made = host.findImage(ContainerHostContract.PUBLISHED).orElseThrow();
        assertEquals(Optional.of("1"), made.label(Labels.CONTRACT));
    }
}
