package io.jenkins.plugins.virtainers.fleet;

import hudson.Extension;
import hudson.ExtensionList;
import io.jenkins.plugins.virtainers.status.Mishap;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What went wrong lately, cloud by cloud, for people to see. Safe for use by several threads. */
@Extension
public final class Mishaps {
    private static final int KEPT = 20;

    private final Clock clock;
    private final Map<String, Deque<Mishap>> byCloud = new HashMap<>();

    public Mishaps() {
        this(Clock.systemUTC());
    }

    public static Mishaps get() {
        return ExtensionList.lookupSingleton(Mishaps.class);
    }

    Mishaps(Clock clock) {
        this.clock = clock;
    }

    /** Remembers one, and forgets the oldest. */
    public synchronized void add(String cloud, String agent, String template, String host, String sentence) {
        Deque<Mishap> mishaps = byCloud.computeIfAbsent(cloud, any -> new ArrayDeque<>());
        mishaps.addLast(new Mishap(clock.instant(), agent, template, host, sentence));
        if (mishaps.size() > KEPT) {
            mishaps.removeFirst();
        }
    }

    /** The latest first. */
    public synchronized List<Mishap> of(String cloud) {
        List<Mishap> mishaps = new ArrayList<>(byCloud.getOrDefault(cloud, new ArrayDeque<>()));
        Collections.reverse(mishaps);
        return mishaps;
    }
}
