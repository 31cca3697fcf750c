package io.jenkins.plugins.virtainers.engine.io;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How a command in a guest ended.
 *
 * @param status its exit status; 0 when a signal ended it
 * @param signal the signal that ended it, without SIG: {@code KILL}
 */
public record GuestExit(int status, Optional<String> signal) {
    private static final Map<String, Integer> SIGNALS = Map.ofEntries(
            Map.entry("HUP", 1),
            Map.entry("INT", 2),
            Map.entry("QUIT", 3),
            Map.entry("ILL", 4),
            Map.entry("TRAP", 5),
            Map.entry("ABRT", 6),
            Map.entry("BUS", 7),
            Map.entry("FPE", 8),
            Map.entry("KILL", 9),
            Map.entry("USR1", 10),
            Map.entry("SEGV", 11),
            Map.entry("USR2", 12),
            Map.entry("PIPE", 13),
            Map.entry("ALRM", 14),
            Map.entry("TERM", 15));
    private static final int SHELL_SIGNAL_BASE = 128;

    public static GuestExit ofStatus(int status) {
        return new GuestExit(status, Optional.empty());
    }

    public static GuestExit ofSignal(String signal) {
        return new GuestExit(0, Optional.of(signal.toUpperCase(Locale.ROOT)));
    }

    /** One number, as a shell has it: the status, or 128 and the number of the signal. */
    public int shellStatus() {
        return signal.map(name -> SHELL_SIGNAL_BASE + SIGNALS.getOrDefault(name, 0))
                .orElse(status);
    }
}
