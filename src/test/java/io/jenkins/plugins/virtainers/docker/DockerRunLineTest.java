package io.jenkins.plugins.virtainers.docker;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.spec.Naming;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DockerRunLineTest {
    private static String line(ContainerRequest request) {
        return String.join(
                " ",
                DockerRunLine.of(
                        request, Map.of(), DockerEndpoint.parse("unix:///nowhere", Optional.empty()), "docker"));
    }

    @Test
    void namesAreSaidAsTheEngineTakesThem() {
        String line = line(ContainerRequest.of("image", new VmName("one"))
                .naming(new Naming(
                        Optional.of("web.corp.example"),
                        List.of("corp.example"),
                        List.of(Naming.ExtraHost.parse("six:fd00::7"))))
                .build());
        assertTrue(line.contains(" --name one --hostname web.corp.example "), line);
        assertTrue(line.contains(" --dns-search corp.example --add-host six:fd00::7 "), line);
    }

    @Test
    void thePasswordOfAProxyIsNotPrinted() {
        String line = line(ContainerRequest.of("image", new VmName("one"))
                .env(Map.of("http_proxy", "http://user:s3cret@proxy:3128", "HTTPS_PROXY", "http://proxy:3129"))
                .build());
        assertTrue(line.contains(" --env HTTPS_PROXY=http://proxy:3129 --env http_proxy image"), line);
        assertFalse(line.contains("s3cret"), line);
    }
}
