package io.jenkins.plugins.virtainers.upkeep;

import static org.awaitility.Awaitility.await;

import hudson.ExtensionList;
import java.time.Duration;

/** The reaper's work, done now and to its end. */
public final class Reaping {
    private static final Duration SOON = Duration.ofSeconds(60);

    private Reaping() {}

    /** The reaper's own round, which begins when it likes, may be on its way: that one saw what was before. */
    public static void onEveryHost() {
        Reaper reaper = ExtensionList.lookupSingleton(Reaper.class);
        await("a round of the reaper on every host").atMost(SOON).until(reaper::reap);
    }
}
