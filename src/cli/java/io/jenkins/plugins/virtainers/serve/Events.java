package io.jenkins.plugins.virtainers.serve;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells everyone who listens what happens to machines. Who does not keep up loses the oldest. */
final class Events {
    /** What a listener may be behind by. */
    private static final int BACKLOG = 1000;

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /**
     * Something that happened.
     *
     * @param machine its name
     * @param type {@code creating}, {@code booting}, {@code progress}, {@code ready}, {@code failed}, {@code stopped} or
     *     {@code removed}
     * @param message a sentence for people
     * @param time when, by this machine's clock, ISO 8601
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Event(String machine, String type, Optional<String> message, String time) {}

    /** One who listens, until closed. */
    final class Listener implements AutoCloseable {
        private final BlockingQueue<Event> heard = new ArrayBlockingQueue<>(BACKLOG);

        BlockingQueue<Event> heard() {
            return heard;
        }

        private synchronized void hear(Event event) {
            while (!heard.offer(event)) {
                heard.poll();
            }
        }

        @Override
        public void close() {
            listeners.remove(this);
        }
    }

    Listener listen() {
        Listener listener = new Listener();
        listeners.add(listener);
        return listener;
    }

    void tell(Event event) {
        listeners.forEach(listener -> listener.hear(event));
    }
}
