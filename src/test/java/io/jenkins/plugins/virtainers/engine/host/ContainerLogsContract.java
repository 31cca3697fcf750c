package io.jenkins.plugins.virtainers.engine.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the engine relies on of what containers write. */
interface ContainerLogsContract extends HostUnderTest {
    long SECONDS = 60;

    @Test
    default void keepsTheTwoOutputsApartAndEndsThemWithTheContainer() throws Exception {
        ContainerId container = liars().create("panic", "x");
        host().start(container);
        Transcript transcript = new Transcript();
        try (ContainerLogs.LogStream log = host().followLogs(container, transcript)) {
            log.ended().get(SECONDS, TimeUnit.SECONDS);
        }
        assertTrue(transcript.out().contains("Kernel panic"), transcript.out());
        assertFalse(transcript.out().contains("virtainers:"), transcript.out());
        assertTrue(transcript.err().contains("virtainers: +0.001s start: a lie\n"), transcript.err());
        assertFalse(transcript.err().contains("Kernel"), transcript.err());
    }

    @Test
    default void followsALogFromItsFirstByteThoughTheContainerHasEnded() throws Exception {
        ContainerId container = liars().create("panic", "x");
        host().start(container);
        host().exitStatus(container).get(SECONDS, TimeUnit.SECONDS);
        Transcript followed = new Transcript();
        try (ContainerLogs.LogStream log = host().followLogs(container, followed)) {
            log.ended().get(SECONDS, TimeUnit.SECONDS);
        }
        Transcript read = new Transcript();
        host().readLogs(container, OptionalInt.empty(), read);
        assertEquals(followed.err(), read.err());
        assertTrue(read.err().contains("start: a lie"), read.err());
    }
}
