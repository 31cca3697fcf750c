package io.jenkins.plugins.virtainers.engine.host;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import java.time.Instant;
import java.util.Optional;

/**
 * What a container host says about itself.
 *
 * @param product {@code Docker} or {@code Podman}
 * @param version of the product
 * @param operatingSystem of the host, for people
 * @param architecture in the engine's spelling: {@code amd64}, {@code arm64}
 * @param cpus of the host
 * @param memory of the host
 * @param dataDirectory where it keeps images and containers, on its own file system
 * @param kvm whether the host has /dev/kvm
 * @param kvmGroup the group in which the user of guests must be to open it, in the words of the engine, as far as this
 *     machine can see; empty where it need be in none
 * @param boundsLogs whether the log that it keeps of a container, unless it is told otherwise, can be bounded
 * @param limits whether it holds a container to limits of memory and processes
 * @param time by the host's clock when it was asked
 */
public record HostInfo(
        String product,
        String version,
        String operatingSystem,
        String architecture,
        int cpus,
        MemorySize memory,
        Optional<String> dataDirectory,
        KvmDevice kvm,
        Optional<String> kvmGroup,
        boolean boundsLogs,
        boolean limits,
        Instant time) {

    /** Whether the host has a /dev/kvm; whether it works, only a container can tell. */
    public enum KvmDevice {
        PRESENT,
        ABSENT,
        /** The host's devices cannot be seen from here: only a container will tell. */
        UNKNOWN
    }

    public HostInfo {
        requireNonNull(product, "product");
        requireNonNull(version, "version");
        requireNonNull(operatingSystem, "operatingSystem");
        requireNonNull(architecture, "architecture");
        requireNonNull(memory, "memory");
        requireNonNull(dataDirectory, "dataDirectory");
        requireNonNull(kvm, "kvm");
        requireNonNull(kvmGroup, "kvmGroup");
        requireNonNull(time, "time");
    }

    /** The same, with what a container found. */
    public HostInfo withKvmGroup(Optional<String> group) {
        return new HostInfo(
                product,
                version,
                operatingSystem,
                architecture,
                cpus,
                memory,
                dataDirectory,
                kvm,
                group,
                boundsLogs,
                limits,
                time);
    }

    @Override
    public String toString() {
        return product + " " + version;
    }
}
