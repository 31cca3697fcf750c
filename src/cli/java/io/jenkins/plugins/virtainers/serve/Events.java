package io.jenkins.plugins.virtainers.serve;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Tells everyone who listens what happens to machines, and what happened since an event that they name. Who does not
 * keep up loses the oldest.
 */
final class Events {
    /** What a listener may be behind by, and what is remembered. */
    private static final int BACKLOG = 1000;

    private final List<Listener> listeners = new ArrayList<>();
    private final Deque<Event> past = new ArrayDeque<>();
    private long last;

    /**
     * Something that happened.
     *
     * @param id greater than that of every event before it; a server that starts again begins with 1
     * @param machine its name
     * @param type {@code creating}, {@code booting}, {@code progress}, {@code ready}, {@code failed}, {@code stopped},
     *     {@code ended} or {@code removed}
     * @param message a sentence for people
     * @param time when, by this machine's clock, ISO 8601
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Event(long id, String machine, String type, Optional<String> message, String time) {}

    /** One who listens, until closed. */
    final class Listener implements AutoCloseable {
        private final BlockingQueue<Event> heard = new ArrayBlockingQueue<>(BACKLOG);

        BlockingQueue<Event> heard() {
            return heard;
        }

        private void hear(Event event) {
            while (!heard.offer(event)) {
                heard.poll();
            }
        }

        @Override
        public void close() {
            synchronized (Events.this) {
                listeners.remove(this);
            }
        }
    }

    /** @param after the last event that is known already; empty for none but those to come */
    synchronized Listener listen(OptionalLong after) {
        Listener listener = new Listener();
        after.ifPresent(id -> {
            // One that is still to come was another server's, of which nothing is known here.
            long known = id > last ? 0 : id;
            past.stream().filter(event -> event.id > known).forEach(listener::hear);
        });
        listeners.add(listener);
        return listener;
    }

    /** @param time when it happened, ISO 8601 */
    synchronized void tell(String machine, String type, Optional<String> message, String time) {
        Event event = new Event(++last, machine, type, message, time);
        past.add(event);
        if (past.size() > BACKLOG) {
            past.remove();
        }
        listeners.forEach(listener -> listener.hear(event));
    }
}
