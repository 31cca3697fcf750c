package io.jenkins.plugins.virtainers.cli.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.jenkins.plugins.virtainers.engine.failure.Sentences;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.GuestExit;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.params.provider.ValueSource;

/** What a guest answers while files are copied is not believed, and not shown as it is. */
class GuestWordsFuzzTest {
    private static final Place.InGuest PLACE = new Place.InGuest(new VmName("web"), new GuestPath("x"));

    /** A guest that says this to every command. */
    private static final class Saying implements GuestConnection {
        private final byte[] words;

        Saying(byte[] words) {
            this.words = words;
        }

        @Override
        public GuestExit run(String commandLine, ExecStreams streams) {
            try {
                streams.stdout().write(words);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return GuestExit.ofStatus(0);
        }

        @Override
        public GuestExit shell(ExecStreams streams) {
            return run("", streams);
        }

        @Override
        public void close() {}
    }

    /** Holds what it is given to the contract, and reads all of it. */
    private static final class Below implements Target {
        private final Deque<Meta> entered = new ArrayDeque<>();
        private int read;

        @Override
        public boolean folder(Meta folder) {
            requireName(folder);
            entered.push(folder);
            return folder.mode() % 2 == 0;
        }

        @Override
        public void leave(Meta folder) {
            while (!entered.peek().equals(folder)) {
                entered.pop();
            }
            entered.pop();
        }

        @Override
        public void file(Meta file, Content content) throws InterruptedException {
            requireName(file);
            byte[] buffer = new byte[100];
            try {
                for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                    read += n;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void requireName(Meta meta) {
            String name = meta.name();
            assertFalse(name.isEmpty() || name.equals(".") || name.equals("..") || name.contains("/"), name);
            assertEquals(meta.mode(), Meta.mode(meta.permissions()));
        }

        @Override
        public void close() {}
    }

    @FuzzTest
    void sent(byte @NotNull [] words) throws InterruptedException {
        Below below = new Below();
        try {
            new GuestSource(
                            PLACE,
                            new Saying(words),
                            new CopyOptions(true, true),
                            new Complaints(Sentences::requireLine))
                    .sendTo(below, "x");
        } catch (VirtainerException e) {
            Sentences.requireLine(e.getMessage());
        }
        assertTrue(below.read <= words.length);
    }

    @FuzzTest
    void replies(byte @NotNull [] words) {
        GuestReplies replies = new GuestReplies(PLACE, new Complaints(Sentences::requireLine));
        for (byte b : words) {
            replies.write(b);
        }
        replies.end().ifPresent(end -> Sentences.requireLine(end.getMessage()));
    }

    @FuzzTest
    void landing(byte @NotNull [] words) throws InterruptedException {
        try {
            Landing landing = Landing.of(PLACE, new Saying(words));
            assertTrue(landing.umask() >= 0);
        } catch (VirtainerException e) {
            Sentences.requireLine(e.getMessage());
        }
    }

    @ValueSource(
            strings = {"web:", "web:~/a", "web:/etc//x/", "./web:x", "web:../..", "a/b:c", "-:x", "web:a/\n", "\0"})
    @FuzzTest
    void place(@NotNull String argument) {
        Sentences.read(() -> Place.parse(argument)).ifPresent(place -> {
            assertEquals(argument, place.toString());
            place.lastName()
                    .ifPresent(name -> assertFalse(
                            name.isEmpty() || name.equals(".") || name.equals("..") || name.contains("/"), argument));
            if (place instanceof Place.InGuest guest) {
                String path = guest.path().forShell();
                assertTrue(path.startsWith("/") || path.startsWith("."), path);
                assertFalse(path.length() > 1 && path.endsWith("/"), path);
                assertEquals(path, new GuestPath(path).forShell());
                Sentences.read(() -> guest.path().parent());
            }
        });
    }
}
