package io.jenkins.plugins.virtainers.engine.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the engine relies on of files of containers. */
interface ContainerFilesContract extends HostUnderTest {
    long SECONDS = 60;

    @Test
    default void carriesAFileFromOneContainerToAnother() throws Exception {
        ContainerHost host = host();
        byte[] bytes = new byte[3_000_001];
        new Random(7).nextBytes(bytes);
        ContainerId one = liars().create("idle", "x");
        ContainerId two = liars().create("idle", "x");
        host.writeFile(one, "/tmp/large", new ByteArrayInputStream(bytes), bytes.length);
        host.readFile(one, "/tmp/large", (content, size) -> host.writeFile(two, "/run/virtainers/l", content, size));
        List<byte[]> read = new ArrayList<>();
        host.readFile(two, "/run/virtainers/l", (content, size) -> read.add(content.readNBytes((int) size)));
        assertArrayEquals(bytes, read.get(0));
    }

    @Test
    default void saysThatAFileIsNotThere() throws Exception {
        ContainerHost host = host();
        ContainerId container = liars().create("idle", "x");
        VirtainerException e = assertThrows(
                VirtainerException.class, () -> host.readFile(container, "/tmp/none", (content, size) -> {}));
        assertEquals(Failure.COPY_FAILED, e.failure());
    }

    @Test
    default void putsFilesThatTheContainersUserAloneMayRead() throws Exception {
        ContainerId container = liars().create("files", "x");
        host().putFiles(
                        container,
                        List.of(ContainerFile.secret("/tmp/secret", "one\n"), ContainerFile.of("/tmp/open", "two\n")));
        host().start(container);
        assertEquals(0, host().exitStatus(container).get(SECONDS, TimeUnit.SECONDS));
        Transcript transcript = new Transcript();
        host().readLogs(container, OptionalInt.empty(), transcript);
        assertEquals(
                List.of("1000 400 /tmp/secret one", "1000 444 /tmp/open two").stream()
                        .sorted()
                        .toList(),
                transcript
                        .out()
                        .lines()
                        .filter(line -> line.startsWith("1000"))
                        .sorted()
                        .toList());
    }

    @Test
    default void touchesAFileInARunningContainer() throws Exception {
        ContainerId container = liars().create("idle", "x");
        host().start(container);
        long before = host().info().time().getEpochSecond();
        host().touch(container, "/run/virtainers/lease");
        ByteArrayOutputStream modified = new ByteArrayOutputStream();
        int status = host().exec(
                        container,
                        List.of("/liar", "modified", "/run/virtainers/lease"),
                        ExecStreams.output(modified, modified));
        assertEquals(0, status, modified.toString(StandardCharsets.UTF_8));
        assertTrue(Long.parseLong(modified.toString(StandardCharsets.UTF_8).strip()) >= before - 1);
    }
}
