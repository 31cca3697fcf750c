package io.jenkins.plugins.virtainers.docker;

import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** The engines of newer releases of Debian keep the contract. */
class NewerEnginesIT {
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class OnOwnEngine extends RealHostContract {
        private OwnEngine engine;
        private ContainerHost host;

        abstract OwnEngine start() throws IOException, InterruptedException;

        @BeforeAll
        void connect() throws Exception {
            engine = start();
            LiarImage.build(engine.endpoint());
            host = new DockerContainerHost(engine.endpoint());
        }

        @AfterAll
        void disconnect() throws Exception {
            if (host != null) {
                host.close();
            }
            if (engine != null) {
                engine.close();
            }
        }

        @Override
        public ContainerHost host() {
            return host;
        }
    }

    @Nested
    class DockerOfTrixie extends OnOwnEngine {
        @Override
        OwnEngine start() throws IOException, InterruptedException {
            return OwnEngine.docker(DebianRelease.TRIXIE);
        }
    }

    @Nested
    @Tag("long")
    class PodmanOfTrixie extends OnOwnEngine {
        @Override
        OwnEngine start() throws IOException, InterruptedException {
            return OwnEngine.podman(DebianRelease.TRIXIE);
        }
    }

    @Nested
    class DockerOfSid extends OnOwnEngine {
        @Override
        OwnEngine start() throws IOException, InterruptedException {
            return OwnEngine.docker(DebianRelease.SID);
        }
    }

    @Nested
    class PodmanOfSid extends OnOwnEngine {
        @Override
        OwnEngine start() throws IOException, InterruptedException {
            return OwnEngine.podman(DebianRelease.SID);
        }
    }
}
