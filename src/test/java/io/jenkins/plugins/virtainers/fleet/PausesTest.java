package io.jenkins.plugins.virtainers.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PausesTest {
    private final HandClock clock = new HandClock();
    private final Pauses pauses = new Pauses(clock);

    @Test
    void leavesAHostAloneThatFailedEachTimeLonger() {
        assertEquals(
                clock.instant().plusSeconds(10), pauses.hostFailed("h", "away").until());
        assertEquals(
                clock.instant().plusSeconds(20), pauses.hostFailed("h", "away").until());
        assertEquals(
                clock.instant().plusSeconds(40), pauses.hostFailed("h", "away").until());
    }

    @Test
    void neverLeavesItAloneForLongerThanFiveMinutes() {
        for (int i = 0; i < 100; i++) {
            pauses.hostFailed("h", "away");
        }
        assertEquals(
                clock.instant().plus(Duration.ofMinutes(5)),
                pauses.ofHost("h").orElseThrow().until());
    }

    @Test
    void goesBackWhenTheTimeIsOver() {
        pauses.hostFailed("h", "away");
        assertEquals("away", pauses.ofHost("h").orElseThrow().reason());
        clock.advance(Duration.ofSeconds(10));
        assertTrue(pauses.ofHost("h").isEmpty());
    }

    @Test
    void remembersFailuresInARowBeyondThePause() {
        pauses.hostFailed("h", "away");
        clock.advance(Duration.ofSeconds(11));
        assertEquals(2, pauses.hostFailed("h", "away").failures());
    }

    @Test
    void forgetsFailuresAfterASuccess() {
        pauses.hostFailed("h", "away");
        pauses.templateFailed("vms", "debian", "no boot");
        pauses.succeeded("h", "vms", "debian");
        assertTrue(pauses.ofHost("h").isEmpty());
        assertTrue(pauses.ofTemplate("vms", "debian").isEmpty());
        assertEquals(1, pauses.hostFailed("h", "away").failures());
    }

    @Test
    void leavesOthersAtWork() {
        pauses.templateFailed("vms", "debian", "no boot");
        assertTrue(pauses.ofTemplate("vms", "fedora").isEmpty());
        assertTrue(pauses.ofTemplate("other", "debian").isEmpty());
        assertTrue(pauses.ofHost("debian").isEmpty());
        assertTrue(pauses.ofCloud("vms").isEmpty());
    }

    @Test
    void keepsACloudOffForAsLongAsSomebodyWants() {
        pauses.disable("vms", Duration.ofMinutes(60), "maintenance");
        clock.advance(Duration.ofMinutes(59));
        assertEquals("maintenance", pauses.ofCloud("vms").orElseThrow().reason());
        clock.advance(Duration.ofMinutes(1));
        assertTrue(pauses.ofCloud("vms").isEmpty());
    }

    @Test
    void putsACloudOnBeforeItsTime() {
        pauses.disable("vms", Duration.ofMinutes(60), "maintenance");
        pauses.enable("vms");
        assertTrue(pauses.ofCloud("vms").isEmpty());
    }

    @Test
    void saysWhenTheFirstOfThemEnds() {
        assertEquals(Optional.empty(), pauses.nextEnd());
        pauses.disable("vms", Duration.ofMinutes(60), "maintenance");
        pauses.hostFailed("h", "away");
        assertEquals(Optional.of(Duration.ofSeconds(10)), pauses.nextEnd());
        clock.advance(Duration.ofSeconds(10));
        assertEquals(Optional.of(Duration.ofSeconds(3590)), pauses.nextEnd());
    }

    /** A clock that stands still until told. */
    private static final class HandClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void advance(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
