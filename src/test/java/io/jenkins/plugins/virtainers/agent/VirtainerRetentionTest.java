package io.jenkins.plugins.virtainers.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Optional;
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

    @Test
    void countsNoIdleTimeBeforeTheLaunchIsOver() {
        Instant launched = IDLE_SINCE.plusSeconds(200);
        Instant now = IDLE_SINCE.plusSeconds(210);
        assertEquals(launched, VirtainerRetention.idleSince(IDLE_SINCE, Optional.of(launched), now));
        assertEquals(now, VirtainerRetention.idleSince(IDLE_SINCE, Optional.empty(), now));
        assertEquals(IDLE_SINCE, VirtainerRetention.idleSince(IDLE_SINCE, Optional.of(Instant.EPOCH), now));
    }
}
