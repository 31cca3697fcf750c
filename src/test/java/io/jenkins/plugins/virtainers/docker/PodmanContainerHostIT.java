package io.jenkins.plugins.virtainers.docker;

import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Podman keeps the contract. */
class PodmanContainerHostIT extends RealHostContract {
    private static RealHosts.Podman podman;
    private static ContainerHost host;

    @BeforeAll
    static void connect() throws Exception {
        podman = RealHosts.podman();
        LiarImage.build(podman.endpoint());
        host = new DockerContainerHost(podman.endpoint());
    }

    @AfterAll
    static void disconnect() throws Exception {
        if (host != null) {
            LiarImage.removeRemains(podman.endpoint());
            host.close();
        }
        if (podman != null) {
            podman.close();
        }
    }

    @Override
    public ContainerHost host() {
        return host;
    }
}
