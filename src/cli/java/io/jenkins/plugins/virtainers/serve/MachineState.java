package io.jenkins.plugins.virtainers.serve;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How far a machine is, as JSON has it. */
enum MachineState {
    /** There is no container yet. */
    CREATING,
    BOOTING,
    READY,
    /** Another program made it; who waits for it knows more. */
    RUNNING,
    ENDED,
    FAILED;

    @JsonValue
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
