package io.jenkins.plugins.virtainers.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.ContainerHostContract;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What only a real host has: a kernel that keeps to the rights it was asked for. */
abstract class RealHostContract extends ContainerHostContract {
    @Override
    public ImageRef image() {
        return LiarImage.REF;
    }

    @Test
    void holdsAContainerToItsLimits() throws Exception {
        ContainerHost host = host();
        assertTrue(host.info().limits(), "run these tests as root");
        ContainerId container = liars().limited(new ContainerRequest.Limits(MemorySize.ofMegabytes(300), 77));
        host.start(container);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals(0, host.exec(container, List.of("/liar", "limits"), ExecStreams.output(out, out)));
        assertEquals(
                List.of(Integer.toString(300 << 20), "77"),
                out.toString(StandardCharsets.UTF_8).lines().toList());
    }

    /** For the summary of {@code ./verify}, too. */
    @Test
    void saysWhichEngineItIs() throws Exception {
        String version = host().info().toString();
        assertTrue(version.matches("(Docker|Podman) \\d+\\.\\d+.*"), version);
        System.out.println("engine held to the contract: " + version);
    }

    @Test
    void givesContainersNoRights() throws Exception {
        ContainerHost host = host();
        ContainerId container = liars().create("idle", "x");
        host.start(container);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals(0, host.exec(container, List.of("/liar", "rights"), ExecStreams.output(out, out)));
        Map<String, String> rights = out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split(":\\s*", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
        assertEquals("1", rights.get("NoNewPrivs"));
        assertEquals("0000000000000000", rights.get("CapEff"));
        assertEquals("0000000000000000", rights.get("CapBnd"));
        assertTrue(rights.get("Uid").startsWith("1000"), rights.get("Uid"));
        assertEquals("500", rights.get("oom_score_adj"), "ended before the services of its host");
    }
}
