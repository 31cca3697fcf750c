package io.jenkins.plugins.virtainers.engine.spec;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;

/** An amount of memory. */
public record MemorySize(long bytes) implements Comparable<MemorySize> {
    private static final long MEGABYTE = 1L << 20;

    public MemorySize {
        if (bytes < MEGABYTE) {
            throw new InvalidSpecException("Memory must be at least 1M, was " + bytes + " bytes.");
        }
    }

    public static MemorySize ofMegabytes(long megabytes) {
        if (megabytes > Long.MAX_VALUE / MEGABYTE) {
            throw new InvalidSpecException("Memory of " + megabytes + " megabytes is more than any machine has.");
        }
        return new MemorySize(megabytes * MEGABYTE);
    }

    /**
     * Reads {@code 512M}, {@code 4G}, {@code 4GiB}.
     *
     * @throws InvalidSpecException when it is not a size
     */
    public static MemorySize parse(String written) {
        return new MemorySize(ByteSize.parse("memory", written));
    }

    /** Whole megabytes, rounded down. */
    public long megabytes() {
        return bytes / MEGABYTE;
    }

    public MemorySize plus(MemorySize other) {
        return new MemorySize(Math.addExact(bytes, other.bytes));
    }

    @Override
    public int compareTo(MemorySize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** As {@link #parse} reads it, in whole megabytes or larger. */
    @Override
    public String toString() {
        return ByteSize.format(megabytes() * MEGABYTE);
    }
}
