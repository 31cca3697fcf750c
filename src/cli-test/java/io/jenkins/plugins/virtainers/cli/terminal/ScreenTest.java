package io.jenkins.plugins.virtainers.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.virtainers.engine.io.RuntimeEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    private Screen screen(boolean quiet) {
        return new Screen(new PrintStream(errors, true, StandardCharsets.UTF_8), false, quiet, false);
    }

    private String said() {
        String said = errors.toString(StandardCharsets.UTF_8);
        errors.reset();
        return said;
    }

    private static long in(int seconds) {
        return System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    }

    private static RuntimeEvent event(String name, String text) {
        return new RuntimeEvent(Duration.ZERO, name, text);
    }

    @Test
    void saysOnAPipeWhatIsNewWhenItTakesOverTwoSeconds() {
        try (Screen screen = screen(false)) {
            screen.step("Booting web");
            assertEquals("virtainer: Booting web\n", said());
            screen.event(event("rung", "direct: no template"));
            screen.event(event("qemu", "started"));
            screen.tell(in(1));
            assertEquals("", said());
            screen.tell(in(3));
            assertEquals("virtainer: Booting web 3 s, rung direct: no template; qemu started\n", said());
            screen.tell(in(10));
            assertEquals("", said());
            screen.tell(in(24));
            assertEquals("virtainer: Booting web 24 s, qemu started\n", said());
            screen.event(event("userspace", "kernel 17 s"));
            screen.tell(in(26));
            assertEquals("virtainer: Booting web 26 s, userspace kernel 17 s\n", said());
        }
    }

    @Test
    void saysNothingWhenNothingIsWaitedForOrNothingIsToBeSaid() {
        try (Screen screen = screen(false)) {
            screen.tell(in(100));
            screen.step("Booting web");
            screen.done();
            said();
            screen.tell(in(100));
            assertEquals("", said());
        }
        try (Screen screen = screen(true)) {
            screen.step("Booting web");
            screen.event(event("rung", "direct: asked for"));
            assertEquals("", said());
        }
    }
}
