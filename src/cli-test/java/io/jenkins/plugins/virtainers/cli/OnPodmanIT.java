package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.docker.RealHosts;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** What the command does on Docker, it does on Podman. Needs root, Podman, and Docker's images, which it is given. */
@Tag("long")
class OnPodmanIT {
    private static RealHosts.Podman podman;

    @BeforeAll
    static void bringImages() throws Exception {
        podman = RealHosts.podman();
        for (String image : List.of("virtainers/runtime", "virtainers/debian:12")) {
            CommandTest.succeed(
                    "bash",
                    "-c",
                    "set -o pipefail; docker -H \"$1\" save \"$0\" | docker -H \"$2\" load",
                    image,
                    RealHosts.docker().toString(),
                    podman.endpoint().toString());
        }
    }

    @AfterAll
    static void endPodman() throws Exception {
        if (podman != null) {
            podman.close();
        }
    }

    @Nested
    class Disk extends DiskIT {
        @Override
        DockerEndpoint engine() {
            return podman.endpoint();
        }
    }

    @Nested
    class DiskImage extends DiskImageIT {
        @Override
        DockerEndpoint engine() {
            return podman.endpoint();
        }
    }

    @Nested
    class Network extends NetworkIT {
        @Override
        DockerEndpoint engine() {
            return podman.endpoint();
        }
    }

    @Nested
    class Screenshot extends ScreenshotIT {
        @Override
        DockerEndpoint engine() {
            return podman.endpoint();
        }
    }
}
