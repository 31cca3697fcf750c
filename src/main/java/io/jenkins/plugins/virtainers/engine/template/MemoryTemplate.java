package io.jenkins.plugins.virtainers.engine.template;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.io.ConsoleTail;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A guest in memory, from which others are restored, as its container host keeps it.
 *
 * @param key what makes it valid, as a digest
 * @param operatingSystem of the guest, for people
 * @param cpus of the guest
 * @param memory of the guest
 * @param acceleration {@code kvm} or {@code tcg}
 * @param qemu version that saved it
 * @param made when, by the host's clock
 * @param used when last
 * @param bytes that it takes on the host's disk
 * @param setAside why it is not used any longer
 */
public record MemoryTemplate(
        String key,
        String operatingSystem,
        int cpus,
        MemorySize memory,
        String acceleration,
        String qemu,
        Instant made,
        Instant used,
        long bytes,
        Optional<String> setAside) {
    private static final int COLUMNS = 10;

    public MemoryTemplate {
        requireNonNull(key, "key");
        requireNonNull(operatingSystem, "operatingSystem");
        requireNonNull(memory, "memory");
        requireNonNull(acceleration, "acceleration");
        requireNonNull(qemu, "qemu");
        requireNonNull(made, "made");
        requireNonNull(used, "used");
        requireNonNull(setAside, "setAside");
    }

    /** Reads a line of the runtime's {@code templates ls}; empty when it is none. */
    static Optional<MemoryTemplate> parse(String line) {
        List<String> columns = List.of(line.split("\t", -1));
        if (columns.size() != COLUMNS) {
            return Optional.empty();
        }
        try {
            return Optional.of(new MemoryTemplate(
                    ConsoleTail.clean(columns.get(0)),
                    ConsoleTail.clean(columns.get(1)),
                    Integer.parseInt(columns.get(2)),
                    MemorySize.ofMegabytes(Long.parseLong(columns.get(3))),
                    ConsoleTail.clean(columns.get(4)),
                    ConsoleTail.clean(columns.get(5)),
                    Instant.ofEpochSecond(Long.parseLong(columns.get(6))),
                    Instant.ofEpochSecond(Long.parseLong(columns.get(7))),
                    Long.parseLong(columns.get(8)),
                    Optional.of(ConsoleTail.clean(columns.get(9))).filter(reason -> !reason.isBlank())));
        } catch (NumberFormatException | DateTimeException | InvalidSpecException e) {
            return Optional.empty();
        }
    }
}
