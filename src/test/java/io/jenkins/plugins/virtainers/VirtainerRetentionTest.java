package io.jenkins.plugins.virtainers;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class VirtainerRetentionTest {
    private static final Instant IDLE_SINCE = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void keepsAnAgentForItsIdleTime() {
        VirtainerRetention retention = new VirtainerRetention(5);
        assertFalse(retention.isOver(IDLE_SINCE, IDLE_SINCE.plusSeconds(299)));
        assertTrue(retention.isOver(IDLE_SINCE, IDLE_SINCE.plusSeconds(300)));
    }

    @Test
    void givesTheBuildThatItWasMadeForAMinuteEvenWithoutIdleTime() {
        VirtainerRetention retention = new VirtainerRetention(0);
        assertFalse(retention.isOver(IDLE_SINCE, IDLE_SINCE.plusSeconds(59)));
        assertTrue(retention.isOver(IDLE_SINCE, IDLE_SINCE.plusSeconds(60)));
    }
}
