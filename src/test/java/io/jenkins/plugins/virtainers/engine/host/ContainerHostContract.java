package io.jenkins.plugins.virtainers.engine.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the engine relies on, of every container host alike: the fake is held to it as the real ones are. A role has a
 * contract of its own.
 */
@Timeout(120)
public abstract class ContainerHostContract
        implements ContainersContract,
                ContainerFilesContract,
                ContainerLogsContract,
                ContainerExecsContract,
                ContainerImagesContract,
                ContainerNetworksContract,
                VolumesContract,
                CommitsContract {
    /** An image that a test makes of a container; whose host it is removes it. */
    public static final ImageRef PUBLISHED = ImageRef.parse("contract-test:1");

    /** A volume that tests make; whose host it is removes it. */
    public static final String VOLUME = "virtainers-contract-test";

    private Optional<Liars> liars = Optional.empty();

    @Override
    public final Liars liars() throws Exception {
        if (liars.isEmpty()) {
            liars = Optional.of(new Liars(host(), image()));
        }
        return liars.get();
    }

    @AfterEach
    void removeContainers() throws Exception {
        liars().removeAll();
    }

    @Test
    void describesItself() throws Exception {
        HostInfo info = host().info();
        assertFalse(info.version().isBlank());
        assertTrue(info.cpus() > 0);
        assertTrue(info.memory().megabytes() > 100);
        assertEquals("amd64", info.architecture());
    }

    @Test
    void passesAnInterruptionOn() throws Exception {
        ContainerHost host = host();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, host::info);
        assertFalse(Thread.currentThread().isInterrupted());
    }
}
