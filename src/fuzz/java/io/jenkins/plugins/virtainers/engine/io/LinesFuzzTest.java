package io.jenkins.plugins.virtainers.engine.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.jenkins.plugins.virtainers.engine.failure.Sentences;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.provider.ValueSource;

/** What a guest and the runtime print is text when people see it. */
class LinesFuzzTest {
    @ValueSource(
            strings = {"plain", "\u001b[31mred\u001b[0m", "\u001b]0;title\u0007x", "\u001b\u001b[2J\u009b1m", "a\tb\r"})
    @FuzzTest
    void console(@NotNull String line) {
        String clean = ConsoleTail.clean(line);
        Sentences.requireHarmless(clean.replace('\u2028', ' ').replace('\u2029', ' '));
        assertEquals(clean, ConsoleTail.clean(clean));
        ConsoleTail tail = new ConsoleTail();
        for (int i = 0; i < 20; i++) {
            tail.add(clean);
        }
        assertTrue(tail.quoted().length() < 3000);
    }

    @ValueSource(
            strings = {
                "virtainers: +1.002s ready: SSH answers on port 22",
                "virtainers: +999999999.999s failed: usage: no such thing",
                "virtainers: +0.000s start:",
                "virtainers: +0.0s start: x"
            })
    @FuzzTest
    void event(@NotNull String line) {
        RuntimeEvent.parse(line).ifPresent(event -> {
            Sentences.requireHarmless(event.sentence().replace('\u2028', ' ').replace('\u2029', ' '));
            String again = "virtainers: +%d.%03ds %s: %s"
                    .formatted(event.at().toSeconds(), event.at().toMillisPart(), event.name(), event.text());
            assertEquals(event, RuntimeEvent.parse(again).orElseThrow());
        });
    }

    @FuzzTest
    void lines(byte @NotNull [] bytes, int piece) {
        List<String> whole = new ArrayList<>();
        LineReader reader = new LineReader(whole::add);
        reader.accept(bytes);
        reader.finish();
        List<String> pieces = new ArrayList<>();
        LineReader cut = new LineReader(pieces::add);
        int step = Math.floorMod(piece, 97) + 1;
        for (int i = 0; i < bytes.length; i += step) {
            cut.accept(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + step)));
        }
        cut.finish();
        assertEquals(whole, pieces);
        for (String line : whole) {
            assertTrue(line.indexOf('\n') < 0 && line.length() <= 8192);
        }
        assertTrue(String.join("", whole).length() <= bytes.length);
    }

    /** As POSIX has it: what is between single quotes is itself, and a backslash before one outside of them too. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\'') {
                quoted = !quoted;
            } else if (quoted) {
                word.append(c);
            } else if (c == ' ') {
                words.add(word.toString());
                word.setLength(0);
            } else if (c == '\\') {
                word.append(line.charAt(++i));
            } else {
                assertTrue("|&;<>()$`\"*?[#~\t\n!{}".indexOf(c) < 0, line);
                word.append(c);
            }
        }
        assertTrue(!quoted, line);
        words.add(word.toString());
        return words;
    }

    @FuzzTest
    void shellWords(@NotNull String first, @NotNull String second) {
        assertEquals(List.of(first, second), words(ShellWords.join(List.of(first, second))));
    }

    @ValueSource(strings = {"KILL", "int", "RTMIN+1", ""})
    @FuzzTest
    void signals(@NotNull String name) {
        int status = GuestExit.ofSignal(name).shellStatus();
        assertTrue(status >= 128 && status < 256);
    }
}
