package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerLogs.LogListener;
import io.jenkins.plugins.virtainers.engine.host.ContainerLogs.LogStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** All that a fake container has written, and who listens. */
final class FakeLog {
    private final List<Consumer<LogListener>> lines = new ArrayList<>();
    private final Map<LogListener, CompletableFuture<Void>> listeners = new LinkedHashMap<>();
    private boolean ended;

    synchronized void write(Consumer<LogListener> line) {
        lines.add(line);
        listeners.keySet().forEach(line);
    }

    synchronized void replay(LogListener listener) {
        lines.forEach(line -> line.accept(listener));
    }

    LogStream follow(LogListener listener) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        synchronized (this) {
            replay(listener);
            listeners.put(listener, end);
            if (ended) {
                end.complete(null);
            }
        }
        return new LogStream() {
            @Override
            public CompletableFuture<Void> ended() {
                return end;
            }

            @Override
            public void close() {
                synchronized (FakeLog.this) {
                    listeners.remove(listener);
                }
            }
        };
    }

    /** The container was started again. */
    synchronized void goOn() {
        ended = false;
    }

    void end() {
        finish().forEach(end -> end.complete(null));
    }

    void lose(VirtainerException lost) {
        finish().forEach(end -> end.completeExceptionally(lost));
    }

    private synchronized List<CompletableFuture<Void>> finish() {
        ended = true;
        return List.copyOf(listeners.values());
    }
}
