package io.jenkins.plugins.virtainers.docker;

import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.Version;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What an engine says about itself, and how far its clock is from ours. */
final class DockerInfo {
    /** Drivers that take max-size and max-file. */
    private static final Set<String> BOUNDED_LOGS = Set.of("json-file", "local");

    private static final String PODMAN = "Podman";
    /**
     * Groups of the host are not those of a user's containers; Podman's word for leaving a container those that the user
     * has (podman-run(1), {@code --group-add}).
     */
    private static final String OWN_GROUPS = "keep-groups";

    private final Connection engine;
    private volatile Duration ahead = Duration.ZERO;
    private volatile boolean clockKnown;

    DockerInfo(Connection engine) {
        this.engine = engine;
    }

    /** As {@link ContainerHost#info} has it; from then on the clock is known. */
    HostInfo ask() throws InterruptedException {
        String what = "ask for the version";
        Version version = engine.ask(what, () -> engine.client().versionCmd().exec());
        Info info = engine.ask(what, () -> engine.client().infoCmd().exec());
        Instant time = instant(info.getSystemTime()).orElseGet(Instant::now);
        ahead = engine.endpoint().isLocal() ? Duration.ZERO : Duration.between(Instant.now(), time);
        clockKnown = true;
        Optional<String> dataDirectory =
                Optional.ofNullable(info.getDockerRootDir()).filter(path -> !path.isBlank());
        return new HostInfo(
                product(version),
                Objects.requireNonNullElse(version.getVersion(), "of unknown version"),
                Objects.requireNonNullElse(info.getOperatingSystem(), "unknown"),
                architecture(Objects.requireNonNullElse(info.getArchitecture(), "unknown")),
                Objects.requireNonNullElse(info.getNCPU(), 1),
                new MemorySize(Objects.requireNonNullElse(info.getMemTotal(), Long.MAX_VALUE)),
                dataDirectory,
                KvmNode.of(engine.endpoint(), dataDirectory),
                isRootless(info) && product(version).equals(PODMAN)
                        ? Optional.of(OWN_GROUPS)
                        : KvmNode.group(engine.endpoint()),
                BOUNDED_LOGS.contains(Objects.requireNonNullElse(info.getLoggingDriver(), "")),
                limits(info),
                time);
    }

    /** Version 1 of control groups gives a user's own engine none. */
    private static boolean limits(Info info) {
        return !Boolean.FALSE.equals(info.getMemoryLimit())
                && !(isRootless(info) && !"2".equals(info.getCGroupVersion()));
    }

    /** The engine's time, as far as it is known. */
    Instant time() {
        return Instant.now().plus(ahead);
    }

    /** The engine's time, asked for where it was not yet. */
    Instant timeAsked() throws InterruptedException {
        if (!engine.endpoint().isLocal() && !clockKnown) {
            ask();
        }
        return time();
    }

    private static String product(Version version) {
        boolean podman = Optional.ofNullable(version.getComponents()).orElse(List.of()).stream()
                .anyMatch(component -> String.valueOf(component.getName()).startsWith("Podman"));
        return podman ? PODMAN : "Docker";
    }

    private static boolean isRootless(Info info) {
        return Optional.ofNullable(info.getSecurityOptions()).orElse(List.of()).stream()
                .anyMatch(option -> option.contains("name=rootless"));
    }

    private static String architecture(String kernelSpelling) {
        return switch (kernelSpelling) {
            case "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> kernelSpelling;
        };
    }

    /** Engines write "0001-01-01T00:00:00Z" for never. */
    static Optional<Instant> instant(String written) {
        if (written == null || written.isBlank() || written.startsWith("0001-")) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(written).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
