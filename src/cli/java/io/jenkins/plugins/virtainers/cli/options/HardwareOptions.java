package io.jenkins.plugins.virtainers.cli.options;

import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.spec.Acceleration;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What the machine is made of. */
final class HardwareOptions {
    @Option(names = "--cpus", paramLabel = "N", description = "Processors of the guest. Default: 1.")
    private Optional<String> cpus = Optional.empty();

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "Memory of the guest, such as 512M or 4G. Default: 1G.")
    private Optional<String> memory = Optional.empty();

    @Option(names = "--accel", paramLabel = "auto|kvm|tcg", description = "How the processor is made. Default: auto.")
    private Optional<String> acceleration = Optional.empty();

    @Option(
            names = "--tcg-threads",
            paramLabel = "single|multi",
            description = "Emulation: one thread, which is sound, or one for each CPU, in which Java may crash."
                    + " Default: single.")
    private Optional<String> tcgThreads = Optional.empty();

    @Option(
            names = "--os-variant",
            paramLabel = "NAME",
            description = "Accepted for compatibility; hardware is chosen by what the guest can do.")
    private Optional<String> osVariant = Optional.empty();

    void onto(VmSpec.Builder spec) {
        cpus.map(HardwareOptions::number).ifPresent(spec::cpus);
        memory.map(MemorySize::parse).ifPresent(spec::memory);
        acceleration.map(Acceleration::parse).ifPresent(spec::acceleration);
        tcgThreads.ifPresent(value -> spec.env("TCG_THREADS", value));
        osVariant.ifPresent(value -> spec.env("OS_VARIANT", value));
    }

    private static int number(String written) {
        try {
            return Integer.parseInt(written.strip());
        } catch (NumberFormatException e) {
            throw new InvalidSpecException("Cpus \"%s\" is not a whole number, such as 2.".formatted(written));
        }
    }
}
