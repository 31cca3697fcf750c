package io.jenkins.plugins.virtainers.engine.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the engine relies on of commands in containers. */
interface ContainerExecsContract extends HostUnderTest {
    @Test
    default void runsACommandBesideTheGuest() throws Exception {
        ContainerId container = liars().create("idle", "x");
        host().start(container);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = host().exec(container, List.of("/liar", "speak"), ExecStreams.output(out, err));
        assertEquals(5, status);
        assertEquals("out\n", out.toString(StandardCharsets.UTF_8));
        assertEquals("err\n", err.toString(StandardCharsets.UTF_8));
    }
}
