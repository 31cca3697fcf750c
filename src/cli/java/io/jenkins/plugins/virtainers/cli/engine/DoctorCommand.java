package io.jenkins.plugins.virtainers.cli.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.virtainers.cli.terminal.Json;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.cli.terminal.VersionOfJar;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.engine.Probe;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether this host can do it, and what to do if not. */
@Command(
        name = "doctor",
        description = "Say what this host and its container engine can do, and what to do about what is wrong."
                + " Ends with 1 if exec could not work.",
        footer = {"", "Example:", "  virtainer doctor --json"})
public final class DoctorCommand implements Callable<Integer> {
    private static final long GIGABYTE = 1L << 30;
    /** An image, its build, and one guest's changes. */
    private static final long ENOUGH_DISK = 5 * GIGABYTE;
    /** A guest of the default size, and QEMU. */
    private static final MemorySize ENOUGH_MEMORY = MemorySize.ofMegabytes(1280);

    private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+(\\d+) kB");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Surroundings surroundings;
    private final List<Finding> findings = new ArrayList<>();

    @Mixin
    private CommonOptions common;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    public DoctorCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** How bad it is. */
    private enum Verdict {
        FINE("ok"),
        SLOW("!"),
        BROKEN("x");

        private final String mark;

        Verdict(String mark) {
            this.mark = mark;
        }
    }

    /** One thing looked at. */
    private record Finding(Verdict verdict, String subject, String fact, String advice) {}

    @Override
    public Integer call() throws InterruptedException {
        fine("virtainer", "%s, Java %s".formatted(VersionOfJar.version(), Runtime.version()));
        Optional<DockerEndpoint> endpoint = endpoint();
        if (endpoint.isPresent()) {
            try (Session session = Session.open(surroundings, common)) {
                examine(session);
            }
        }
        print();
        return findings.stream().anyMatch(finding -> finding.verdict() == Verdict.BROKEN) ? 1 : 0;
    }

    private Optional<DockerEndpoint> endpoint() {
        try {
            EngineChoice choice = new EngineChoice(surroundings);
            choice.context(common).ifPresent(context -> fine("context", context.toString()));
            Optional<DockerEndpoint> endpoint = choice.find(common);
            if (endpoint.isEmpty()) {
                broken(
                        "engine",
                        "none found: DOCKER_HOST is not set, and no usual socket answers",
                        "Start one: virtainer engine start");
            }
            return endpoint;
        } catch (VirtainerException e) {
            broken("engine", e.getMessage(), "");
            return Optional.empty();
        }
    }

    private void examine(Session session) throws InterruptedException {
        HostInfo info;
        List<ContainerImage> images;
        try {
            info = session.host().info();
            images = session.host().images(Labels.CONTRACT);
        } catch (VirtainerException e) {
            broken("engine", e.getMessage(), "");
            return;
        }
        fine("engine", "%s on %s, %s".formatted(info, session.host().address(), info.operatingSystem()));
        fine("host", "%d CPUs (%s), %s of memory".formatted(info.cpus(), info.architecture(), info.memory()));
        examineAcceleration(session, info);
        examineImages(images);
        examineDisk(info);
        examineMemory(session, info);
    }

    private void examineAcceleration(Session session, HostInfo info) throws InterruptedException {
        Optional<ContainerImage> prober = session.engine().runtimeImage();
        if (prober.isEmpty()) {
            String device = info.kvm() == HostInfo.KvmDevice.ABSENT ? "no /dev/kvm on this host" : "not tried";
            slow(
                    "acceleration",
                    device + "; only a container can tell",
                    "Get an image (virtainer exec debian:12 -- true), then ask again.");
            return;
        }
        try {
            JsonNode answer = JSON.readTree(new Probe(session.engine(), session.ownership()).ask(prober.get()));
            String why = answer.path("why").asText("");
            String qemu = answer.path("qemu").asText("");
            if (answer.path("kvm").asBoolean()) {
                fine("acceleration", "KVM works (%s), QEMU %s".formatted(why, qemu));
            } else {
                slow(
                        "acceleration",
                        "emulation only: %s; QEMU %s".formatted(why, qemu),
                        "Guests boot in most of a minute. For speed, enable virtualization in the host's firmware or cloud settings.");
            }
        } catch (VirtainerException | JsonProcessingException e) {
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
        } else if (surroundings.sourceTree().isPresent()) {
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

    private void examineMemory(Session session, HostInfo info) {
        Optional<MemorySize> available = session.host().isLocal() ? available() : Optional.of(info.memory());
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
        findings.add(new Finding(Verdict.FINE, subject, fact, ""));
    }

    private void slow(String subject, String fact, String advice) {
        findings.add(new Finding(Verdict.SLOW, subject, fact, advice));
    }

    private void broken(String subject, String fact, String advice) {
        findings.add(new Finding(Verdict.BROKEN, subject, fact, advice));
    }

    private void print() {
        if (json) {
            Json.print(
                    surroundings.output(),
                    findings.stream().map(DoctorCommand::values).toList());
            return;
        }
        for (Finding finding : findings) {
            surroundings
                    .output()
                    .println("%-3s %-13s %s".formatted(finding.verdict().mark, finding.subject(), finding.fact()));
            if (!finding.advice().isEmpty()) {
                surroundings.output().println(" ".repeat(18) + "→ " + finding.advice());
            }
        }
    }

    private static Map<String, Object> values(Finding finding) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("subject", finding.subject());
        values.put("verdict", finding.verdict().name().toLowerCase(java.util.Locale.ROOT));
        values.put("fact", finding.fact());
        values.put("advice", finding.advice());
        return values;
    }
}
