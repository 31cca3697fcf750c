package io.jenkins.plugins.virtainers.serve;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;

/**
 * What went wrong, as JSON has it.
 *
 * @param error a sentence for people
 * @param kind a word for programs: a {@link Failure#code()}, or one of HTTP's own
 */
record Problem(String error, String kind) {
    static Problem of(VirtainerException thrown) {
        return new Problem(thrown.getMessage(), thrown.failure().code());
    }

    /** The status of HTTP that a failure has. */
    static int status(Failure failure) {
        return switch (failure) {
            case USAGE -> 400;
            case NO_SUCH_VM -> 404;
            case NAME_IN_USE, MACHINE_RUNS, CONTAINER_ENDED -> 409;
            case NOT_READY, ENGINE_TIMEOUT -> 504;
            case ENGINE_UNREACHABLE, ENGINE_CONFIGURATION -> 503;
            default ->
                switch (failure.remedy()) {
                    case FIX_CONFIGURATION -> 422;
                    case TRY_AGAIN -> 503;
                    case GIVE_UP -> 500;
                };
        };
    }
}
