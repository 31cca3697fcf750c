package io.jenkins.plugins.virtainers;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** What went wrong lately, cloud by cloud, for people to see. Safe for use by several threads. */
final class Mishaps {
    private static final int KEPT = 20;

    private final Clock clock;
    private final Map<String, Deque<Mishap>> byCloud = new HashMap<>();

    Mishaps(Clock clock) {
        this.clock = clock;
    }

    /** Remembers one, and forgets the oldest. */
    synchronized void add(String cloud, String agent, String template, String host, String sentence) {
        Deque<Mishap> mishaps = byCloud.computeIfAbsent(cloud, any -> new ArrayDeque<>());
        mishaps.addLast(new Mishap(clock.instant(), agent, template, host, sentence));
        if (mishaps.size() > KEPT) {
            mishaps.removeFirst();
        }
    }

    /** The latest first. */
    synchronized List<Mishap> of(String cloud) {
        List<Mishap> mishaps = new ArrayList<>(byCloud.getOrDefault(cloud, new ArrayDeque<>()));
        Collections.reverse(mishaps);
        return mishaps;
    }

    /** One thing that went wrong. */
    @ExportedBean(defaultVisibility = 3)
    public static final class Mishap {
        private final Instant time;
        private final String agent;
        private final String template;
        private final String host;
        private final String sentence;

        Mishap(Instant time, String agent, String template, String host, String sentence) {
            this.time = time;
            this.agent = agent;
            this.template = template;
            this.host = host;
            this.sentence = sentence;
        }

        @Exported
        public String getTime() {
            return time.toString();
        }

        @Exported
        public String getAgent() {
            return agent;
        }

        @Exported
        public String getTemplate() {
            return template;
        }

        @Exported
        public String getHost() {
            return host;
        }

        @Exported
        public String getSentence() {
            return sentence;
        }
    }
}
