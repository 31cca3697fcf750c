package io.jenkins.plugins.virtainers.docker;

import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Docker keeps the contract. */
class DockerContainerHostIT extends RealHostContract {
    private static ContainerHost host;

    @BeforeAll
    static void connect() throws Exception {
        DockerEndpoint endpoint = RealHosts.docker();
        LiarImage.build(endpoint);
        host = new DockerContainerHost(endpoint);
    }

    @AfterAll
    static void disconnect() throws Exception {
        if (host != null) {
            LiarImage.removeRemains(RealHosts.docker());
            host.close();
        }
    }

    @Override
    public ContainerHost host() {
        return host;
    }
}
