package io.jenkins.plugins.virtainers.cli.copy;

import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.io.ConsoleTail;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.GuestExit;
import io.jenkins.plugins.virtainers.engine.io.ShellWords;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A script that runs in a guest while this side talks with it. */
final class GuestTalk implements AutoCloseable {
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final CompletableFuture<GuestExit> end = new CompletableFuture<>();
    private final Thread thread;

    /**
     * Begins.
     *
     * @param atEnd called when the script has ended, however it did
     */
    GuestTalk(
            GuestConnection guest,
            String script,
            List<String> arguments,
            InputStream in,
            OutputStream out,
            Runnable atEnd) {
        List<String> words = new ArrayList<>(List.of("sh", "-c", script, "sh"));
        words.addAll(arguments);
        thread = new Thread(
                () -> {
                    try {
                        end.complete(guest.run(ShellWords.join(words), ExecStreams.of(in, out, errors)));
                    } catch (InterruptedException | RuntimeException e) {
                        end.completeExceptionally(e);
                    } finally {
                        atEnd.run();
                    }
                },
                "virtainers-copy");
        thread.setDaemon(true);
        thread.start();
    }

    /** How it ended, once it has; throws what ended it otherwise. */
    GuestExit end() throws InterruptedException {
        try {
            return end.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new InterruptedException();
        }
    }

    /** What it complained of, in one line; else its status. */
    String complaint() throws InterruptedException {
        int status = end().shellStatus();
        String said = ConsoleTail.clean(
                errors.toString(StandardCharsets.UTF_8).strip().replace('\n', ' '));
        return said.isEmpty() ? "the copy there ended with status " + status : said;
    }

    boolean hasEnded() {
        return end.isDone();
    }

    /** Hangs up, if it has not ended. */
    @Override
    public void close() {
        if (!end.isDone()) {
            thread.interrupt();
        }
    }
}
