package io.jenkins.plugins.virtainers.engine.spec;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;

/** A size of a guest's disk, as the guest sees it. */
public record DiskSize(long bytes) {
    private static final long MEGABYTE = 1L << 20;
    /** Nine digits are what the runtime takes. */
    private static final long MOST_MEGABYTES = 999_999_999;

    public DiskSize {
        if (bytes < MEGABYTE || bytes % MEGABYTE != 0) {
            throw new InvalidSpecException("Disk must be a whole number of megabytes, was " + bytes + " bytes.");
        }
        if (bytes / MEGABYTE > MOST_MEGABYTES) {
            throw new InvalidSpecException(
                    "Disk must have at most %dM, was %s.".formatted(MOST_MEGABYTES, ByteSize.format(bytes)));
        }
    }

    /**
     * Reads {@code 20G}, {@code 512M}, {@code 1T}.
     *
     * @throws InvalidSpecException when it is not a size
     */
    public static DiskSize parse(String written) {
        return new DiskSize(ByteSize.parse("disk", written));
    }

    /** As {@link #parse} and QEMU read it: {@code 20G}. */
    @Override
    public String toString() {
        return ByteSize.format(bytes);
    }
}
