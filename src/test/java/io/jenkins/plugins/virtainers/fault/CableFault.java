package io.jenkins.plugins.virtainers.fault;

import java.time.Duration;

/**
 * What happens to one direction of a connection whose bytes nobody understands, such as SSH's.
 *
 * @param name for who reads which one it was
 * @param bytes that come through before it happens
 * @param kind of fault
 * @param pause after each piece that comes through, so that the cable is a slow one
 */
public record CableFault(String name, long bytes, Kind kind, Duration pause) {
    /** What happens. */
    public enum Kind {
        /** Nothing. */
        NONE,
        /** Nothing more comes through; neither end learns of it. */
        SILENCE,
        /** Both ends are told that the connection is gone. */
        RESET,
        /** This direction ends as if its sender had said all. */
        END,
        /** What comes through is something else, and as long. */
        NOISE
    }

    static final CableFault NONE = new CableFault("none", 0, Kind.NONE, Duration.ZERO);

    public static CableFault silence(long bytes) {
        return new CableFault("silence after " + bytes + " bytes", bytes, Kind.SILENCE, Duration.ZERO);
    }

    public static CableFault reset(long bytes) {
        return new CableFault("reset after " + bytes + " bytes", bytes, Kind.RESET, Duration.ZERO);
    }

    public static CableFault end(long bytes) {
        return new CableFault("end after " + bytes + " bytes", bytes, Kind.END, Duration.ZERO);
    }

    public static CableFault noise(long bytes) {
        return new CableFault("noise after " + bytes + " bytes", bytes, Kind.NOISE, Duration.ZERO);
    }

    /** All comes through, in pieces of a kilobyte at most, each of which takes so long. */
    public static CableFault slow(Duration pause) {
        return new CableFault("a kilobyte each " + pause.toMillis() + " ms", 0, Kind.NONE, pause);
    }

    @Override
    public String toString() {
        return name;
    }
}
