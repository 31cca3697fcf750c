package io.jenkins.plugins.virtainers.docker;

import com.github.dockerjava.api.async.ResultCallback;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One streaming answer of an engine. Unlike docker-java's own callback it logs no error that it also reports, and
 * closing it before the answer began closes it when it does.
 */
final class StreamCallback<T> implements ResultCallback<T> {
    private static final Logger LOGGER = Logger.getLogger(StreamCallback.class.getName());

    private final Consumer<T> items;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private Closeable stream = () -> {};
    private boolean closed;

    StreamCallback(Consumer<T> items) {
        this.items = items;
    }

    /** Completes when the answer has ended, exceptionally when it broke. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    @Override
    public void onStart(Closeable opened) {
        synchronized (this) {
            stream = opened;
            if (!closed) {
                return;
            }
        }
        closeQuietly(opened);
    }

    @Override
    public void onNext(T item) {
        items.accept(item);
    }

    @Override
    public void onError(Throwable throwable) {
        ended.completeExceptionally(throwable);
    }

    @Override
    public void onComplete() {
        ended.complete(null);
    }

    @Override
    public void close() {
        Closeable opened;
        synchronized (this) {
            closed = true;
            opened = stream;
        }
        closeQuietly(opened);
    }

    private static void closeQuietly(Closeable opened) {
        try {
            opened.close();
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "Closing a stream", e);
        }
    }
}
