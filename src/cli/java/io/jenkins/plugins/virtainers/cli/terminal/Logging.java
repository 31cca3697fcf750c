package io.jenkins.plugins.virtainers.cli.terminal;

import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** People see sentences; what developers want to know, they ask for with VIRTAINERS_DEBUG. */
public final class Logging {
    /** Kept, because the log manager would forget a level that nobody holds on to. */
    private static final Logger ROOT = Logger.getLogger("");

    private Logging() {}

    public static void configure(Map<String, String> environment) {
        LogManager.getLogManager().reset();
        if (!environment.getOrDefault("VIRTAINERS_DEBUG", "").isEmpty()) {
            Handler handler = new ConsoleHandler();
            handler.setLevel(Level.FINE);
            ROOT.addHandler(handler);
            ROOT.setLevel(Level.FINE);
        } else {
            ROOT.setLevel(Level.OFF);
        }
    }
}
