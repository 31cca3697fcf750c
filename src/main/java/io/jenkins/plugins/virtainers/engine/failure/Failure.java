package io.jenkins.plugins.virtainers.engine.failure;

import java.util.Arrays;
import java.util.Optional;

/**
 * Every way in which a virtainer can fail, what the caller can do about each, and the status with which the command
 * line reports it.
 *
 * <p>The first group is what a container says by its own exit status (docs/runtime-contract.md, "End"); the numbers are
 * those of the contract. The second group is what only a client of the container can meet.
 */
public enum Failure {
    // What the container's exit status says.
    USAGE(64, "usage", Remedy.FIX_CONFIGURATION, true),
    IMAGE_CORRUPT(65, "image-corrupt", Remedy.FIX_CONFIGURATION, true),
    IMAGE_MISSING(66, "image-missing", Remedy.FIX_CONFIGURATION, true),
    ACCELERATION_UNAVAILABLE(69, "accel-unavailable", Remedy.FIX_CONFIGURATION, true),
    QEMU_FAILED(70, "qemu-failed", Remedy.GIVE_UP, true),
    GUEST_FAILED(71, "guest-failed", Remedy.GIVE_UP, true),
    DISK_FULL(73, "disk-full", Remedy.FIX_CONFIGURATION, true),
    NOT_READY(75, "not-ready", Remedy.TRY_AGAIN, true),
    RIGHTS(77, "rights", Remedy.FIX_CONFIGURATION, true),
    LEASE_EXPIRED(79, "lease-expired", Remedy.TRY_AGAIN, true),

    // What a client meets on its own.
    IMAGE_NOT_FOUND(67, "image-not-found", Remedy.FIX_CONFIGURATION, false),
    ENGINE_UNREACHABLE(68, "engine-unreachable", Remedy.TRY_AGAIN, false),
    HOST_TOO_SMALL(72, "host-too-small", Remedy.FIX_CONFIGURATION, false),
    ENGINE_REFUSED(74, "engine-refused", Remedy.GIVE_UP, false),
    WRONG_HOST_KEY(76, "wrong-host-key", Remedy.GIVE_UP, false),
    ENGINE_CONFIGURATION(78, "engine-configuration", Remedy.FIX_CONFIGURATION, false),
    LOGIN_REFUSED(80, "login-refused", Remedy.FIX_CONFIGURATION, false),
    CONTAINER_ENDED(81, "container-ended", Remedy.TRY_AGAIN, false),
    CONNECTION_LOST(82, "connection-lost", Remedy.TRY_AGAIN, false),
    NAME_IN_USE(83, "name-in-use", Remedy.FIX_CONFIGURATION, false),
    NO_SUCH_VM(84, "no-such-vm", Remedy.FIX_CONFIGURATION, false),
    NOT_A_VIRTAINER(85, "not-a-virtainer", Remedy.FIX_CONFIGURATION, false),
    ENGINE_TIMEOUT(86, "engine-timeout", Remedy.TRY_AGAIN, false),
    IMAGE_BUILD_FAILED(87, "image-build-failed", Remedy.GIVE_UP, false),
    NETWORK(91, "network", Remedy.FIX_CONFIGURATION, false),
    MACHINE_RUNS(90, "machine-runs", Remedy.FIX_CONFIGURATION, false),
    UNSUPPORTED(92, "unsupported", Remedy.FIX_CONFIGURATION, false),
    PORT_IN_USE(93, "port-in-use", Remedy.FIX_CONFIGURATION, false),
    OUTPUT_LOST(94, "output-lost", Remedy.FIX_CONFIGURATION, false),
    NO_SCREEN(95, "no-screen", Remedy.FIX_CONFIGURATION, false),
    COPY_FAILED(88, "copy-failed", Remedy.FIX_CONFIGURATION, false),
    PLATFORM(89, "platform", Remedy.FIX_CONFIGURATION, false);

    /** What the caller does next; there is one exception type for each. */
    public enum Remedy {
        /** The same request fails again until somebody changes it, or the host: {@link FixConfigurationException}. */
        FIX_CONFIGURATION,
        /** The request was fine and may succeed if repeated: {@link TryAgainException}. */
        TRY_AGAIN,
        /** Neither is known to help: {@link GiveUpException}. */
        GIVE_UP
    }

    private final int exitStatus;
    private final String code;
    private final Remedy remedy;
    private final boolean ofContainer;

    Failure(int exitStatus, String code, Remedy remedy, boolean ofContainer) {
        this.exitStatus = exitStatus;
        this.code = code;
        this.remedy = remedy;
        this.ofContainer = ofContainer;
    }

    /** The status with which the command line ends on this failure; unique. */
    public int exitStatus() {
        return exitStatus;
    }

    /** A stable word for logs and JSON, such as {@code image-not-found}. */
    public String code() {
        return code;
    }

    public Remedy remedy() {
        return remedy;
    }

    /** Whether it is of a host that answers nobody, whatever it is asked. */
    public boolean isOfHostAway() {
        return this == ENGINE_UNREACHABLE || this == ENGINE_TIMEOUT;
    }

    /**
     * The exception that says this failure.
     *
     * @param sentence what was tried, on what, what happened, what to do
     */
    public VirtainerException because(String sentence) {
        return because(sentence, null);
    }

    /**
     * The exception that says this failure.
     *
     * @param sentence what was tried, on what, what happened, what to do
     * @param cause what led to it, or null
     */
    public VirtainerException because(String sentence, Throwable cause) {
        return switch (remedy) {
            case FIX_CONFIGURATION -> new FixConfigurationException(this, sentence, cause);
            case TRY_AGAIN -> new TryAgainException(this, sentence, cause);
            case GIVE_UP -> new GiveUpException(this, sentence, cause);
        };
    }

    /** The failure that a container's exit status stands for; empty for 0 and for statuses outside the contract. */
    public static Optional<Failure> ofContainerStatus(int status) {
        return Arrays.stream(values())
                .filter(failure -> failure.ofContainer && failure.exitStatus == status)
                .findFirst();
    }
}
