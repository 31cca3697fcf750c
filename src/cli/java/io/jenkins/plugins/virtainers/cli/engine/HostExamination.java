package io.jenkins.plugins.virtainers.cli.engine;

import io.jenkins.plugins.virtainers.engine.Probe;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at a container host before anybody relies on it. */
final class HostExamination {
    private static final long GIGABYTE = 1L << 30;
    /** An image, its build, and one guest's changes. */
    private static final long ENOUGH_DISK = 5 * GIGABYTE;
    /** A guest of the default size, and QEMU. */
    private static final MemorySize ENOUGH_MEMORY = MemorySize.ofMegabytes(1280);

    private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+(\\d+) kB");

    private final VmEngine engine;
    private final Ownership ownership;
    private final boolean canBuild;
    private final List<Finding> findings = new ArrayList<>();

    /** @param canBuild whether images can be built here that no registry has */
    HostExamination(VmEngine engine, Ownership ownership, boolean canBuild) {
        this.engine = engine;
        this.ownership = ownership;
        this.canBuild = canBuild;
    }

    /** In the order in which people read them. */
    List<Finding> findings() throws InterruptedException {
        examine();
        return List.copyOf(findings);
    }

    private void examine() throws InterruptedException {
        HostInfo info;
        List<ContainerImage> images;
        try {
            info = engine.host().info();
            images = engine.host().images(Labels.CONTRACT);
        } catch (VirtainerException e) {
            broken("engine", e.getMessage(), "");
            return;
        }
        fine("engine", "%s on %s, %s".formatted(info, engine.host().address(), info.operatingSystem()));
        fine("host", "%d CPUs (%s), %s of memory".formatted(info.cpus(), info.architecture(), info.memory()));
        if (info.kvm() == HostInfo.KvmDevice.UNKNOWN) {
            fine(
                    "client",
                    engine.host().isLocal()
                            ? "in a container, which does not see its host's devices"
                            : "on another machine than the engine");
        }
        examineAcceleration(info);
        examineImages(images);
        examineDisk(info);
        examineMemory(info);
    }

    private void examineAcceleration(HostInfo info) throws InterruptedException {
        Optional<ContainerImage> prober = engine.runtimeImage();
        if (prober.isEmpty()) {
            String device = info.kvm() == HostInfo.KvmDevice.ABSENT ? "no /dev/kvm on this host" : "not tried";
            slow(
                    "acceleration",
                    device + "; only a container can tell",
                    "Get an image (virtainer exec debian:12 -- true), then ask again.");
            return;
        }
        try {
            Probe.Answer answer = new Probe(engine, ownership).ask(prober.get());
            if (answer.kvm()) {
                fine("acceleration", answer.toString());
            } else {
                slow(
                        "acceleration",
                        answer.toString(),
                        "Guests boot in most of a minute. For speed, enable virtualization in the host's firmware or cloud settings.");
            }
        } catch (VirtainerException e) {
            broken("acceleration", "a container could not be run to find out: " + e.getMessage(), "");
        }
    }

    private void examineImages(List<ContainerImage> images) {
        List<String> tags = images.stream()
                .filter(image -> image.label(Labels.USER).isPresent())
                .flatMap(image -> image.tags().stream())
                .sorted()
                .toList();
        if (!tags.isEmpty()) {
            fine("images", String.join(", ", tags));
        } else if (canBuild) {
            fine("images", "none yet; the first exec gets or builds one");
        } else {
            slow(
                    "images",
                    "none yet",
                    "They are pulled when needed; without a registry, start virtainer from its source tree.");
        }
    }

    private void examineDisk(HostInfo info) {
        Optional<Path> data = info.dataDirectory().map(Path::of).filter(Files::isDirectory);
        if (data.isEmpty() || info.kvm() == HostInfo.KvmDevice.UNKNOWN) {
            return;
        }
        try {
            long free = Files.getFileStore(data.get()).getUsableSpace();
            String fact = "%d GB free in %s".formatted(free / GIGABYTE, data.get());
            if (free < ENOUGH_DISK) {
                broken(
                        "disk",
                        fact,
                        "Free %d GB, or move the container engine's data.".formatted(ENOUGH_DISK / GIGABYTE));
            } else {
                fine("disk", fact);
            }
        } catch (IOException e) {
            slow("disk", "cannot be examined: " + e.getMessage(), "");
        }
    }

    private void examineMemory(HostInfo info) {
        Optional<MemorySize> available = engine.host().isLocal() ? available() : Optional.of(info.memory());
        if (available.isEmpty()) {
            return;
        }
        String fact = available.get().megabytes() + " MB available";
        if (available.get().compareTo(ENOUGH_MEMORY) < 0) {
            broken(
                    "memory",
                    fact,
                    "A guest of the default size needs " + ENOUGH_MEMORY
                            + ": free some, or ask for less with --memory.");
        } else {
            fine("memory", fact);
        }
    }

    private static Optional<MemorySize> available() {
        try {
            Matcher line = AVAILABLE.matcher(Files.readString(Path.of("/proc/meminfo")));
            return line.find() ? Optional.of(new MemorySize(Long.parseLong(line.group(1)) << 10)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void fine(String subject, String fact) {
        findings.add(Finding.fine(subject, fact));
    }

    private void slow(String subject, String fact, String advice) {
        findings.add(Finding.slow(subject, fact, advice));
    }

    private void broken(String subject, String fact, String advice) {
        findings.add(Finding.broken(subject, fact, advice));
    }
}
