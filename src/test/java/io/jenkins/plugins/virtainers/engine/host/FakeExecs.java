package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The few commands that a fake host's containers know. */
final class FakeExecs implements ContainerExecs {
    private static final int BUFFER = 8192;
    /** What a container says that was killed. */
    private static final int KILLED = 137;

    private final FakeContainers containers;

    FakeExecs(FakeContainers containers) {
        this.containers = containers;
    }

    @Override
    public int exec(ContainerId container, List<String> command, ExecStreams streams) throws InterruptedException {
        FakeContainer found = containers.found(container);
        String last = command.get(command.size() - 1);
        try {
            if (command.get(0).endsWith("/join-ssh")) {
                return joinSsh(found, streams);
            }
            if (command.contains("screenshot")) {
                return screenshot(found, last, streams);
            }
            if (command.get(0).equals("rm")) {
                found.delete(last);
                return 0;
            }
            return switch (command.get(1)) {
                case "modified" -> modified(found, last, streams);
                case "echo" -> echo(Integer.parseInt(last), streams);
                case "wait" -> untilItEnds(found, streams, last);
                default -> speak(streams);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int speak(ExecStreams streams) throws IOException {
        streams.stdout().write(utf8("out\n"));
        streams.stderr().write(utf8("err\n"));
        return 5;
    }

    private static int modified(FakeContainer container, String path, ExecStreams streams) throws IOException {
        if (container.modified(path).isEmpty()) {
            return 1;
        }
        streams.stdout().write(utf8(container.modified(path).get().getEpochSecond() + "\n"));
        return 0;
    }

    private static int echo(int bytes, ExecStreams streams) throws IOException {
        for (int left = bytes; left > 0; ) {
            byte[] some = streams.stdin().readNBytes(Math.min(left, BUFFER));
            streams.stdout().write(some);
            left -= some.length;
        }
        return 0;
    }

    /** Ends with the input, the container, or the call, whichever is first. */
    private static int untilItEnds(FakeContainer container, ExecStreams streams, String path)
            throws IOException, InterruptedException {
        streams.stdout().write(utf8("waiting\n"));
        CompletableFuture<Integer> ended = CompletableFuture.supplyAsync(() -> {
            swallow(streams.stdin());
            return 0;
        });
        container.exit().thenAccept(status -> ended.complete(KILLED));
        try {
            return ended.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            container.touch(path);
        }
    }

    private static void swallow(InputStream input) {
        try {
            input.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server greets, and says again what it hears. */
    private static int joinSsh(FakeContainer container, ExecStreams streams) throws IOException, InterruptedException {
        if (!container.request().env().getOrDefault("LIE", "").equals("ready")) {
            streams.stderr().write(utf8("error: the guest is booting, and not ready\n"));
            return 1;
        }
        streams.stdout().write(utf8("SSH-2.0-fake\r\n"));
        byte[] buffer = new byte[BUFFER];
        for (int read = streams.stdin().read(buffer);
                read >= 0;
                read = streams.stdin().read(buffer)) {
            streams.stdout().write(buffer, 0, read);
        }
        // No engine says that the input has ended, and so the server never hears of it.
        Thread.sleep(Long.MAX_VALUE);
        return 0;
    }

    private static int screenshot(FakeContainer container, String path, ExecStreams streams) throws IOException {
        if ("on".equals(container.request().env().get("VNC"))) {
            container.put(ContainerFile.of(path, "a picture"));
            return 0;
        }
        streams.stderr().write(utf8("error: domain 'vm' has no screen\n"));
        return 1;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
