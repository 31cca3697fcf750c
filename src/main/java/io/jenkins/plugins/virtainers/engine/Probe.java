package io.jenkins.plugins.virtainers.engine;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.virtainers.engine.errand.Errand;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.Quotation;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.io.ConsoleTail;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asks a container, started with the rights of a guest's, what it can do. */
public final class Probe {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What a guest finds on the host.
     *
     * @param kvm whether QEMU makes processors by KVM there; else they are emulated
     * @param why it does, or does not
     * @param group in which the user of guests must be for that, in the words of the engine
     * @param qemu version
     */
    public record Answer(boolean kvm, String why, Optional<String> group, String qemu) {
        static Answer parse(String line) {
            try {
                JsonNode answer = JSON.readTree(line);
                return new Answer(
                        answer.path("kvm").asBoolean(),
                        ConsoleTail.clean(answer.path("why").asText("no reason given")),
                        // Root's group opens more than a device.
                        Optional.of(answer.path("group").asInt())
                                .filter(group -> group > 0)
                                .map(group -> Integer.toString(group)),
                        ConsoleTail.clean(answer.path("qemu").asText("of unknown version")));
            } catch (JsonProcessingException e) {
                throw Failure.QEMU_FAILED.because(
                        "The runtime's probe said \"%s\".".formatted(Quotation.line(line.strip())), e);
            }
        }

        private Answer by(Optional<String> used) {
            return new Answer(kvm, why, used, qemu);
        }

        @Override
        public String toString() {
            return kvm
                    ? "KVM works%s, QEMU %s"
                            .formatted(group.map(name -> " for group " + name).orElse(""), qemu)
                    : "emulation only: %s; QEMU %s".formatted(why, qemu);
        }
    }

    private final VmEngine engine;
    private final Ownership ownership;
    private final Duration timeout;

    public Probe(VmEngine engine, Ownership ownership) {
        this(engine, ownership, TIMEOUT);
    }

    public Probe(VmEngine engine, Ownership ownership, Duration timeout) {
        this.engine = requireNonNull(engine, "engine");
        this.ownership = requireNonNull(ownership, "ownership");
        this.timeout = requireNonNull(timeout, "timeout");
    }

    /**
     * What the runtime of an image answers. Where a group opens /dev/kvm to it, it is asked again with that group.
     *
     * @throws VirtainerException also when it cannot be asked
     */
    public Answer ask(ContainerImage image) throws InterruptedException {
        HostInfo info = engine.host().info();
        Optional<String> known = info.kvmGroup();
        boolean device = info.kvm() != HostInfo.KvmDevice.ABSENT;
        Answer first = ask(image, device, known);
        if (first.kvm() || first.group().isEmpty() || known.isPresent()) {
            return first.by(known);
        }
        return ask(image, device, first.group()).by(first.group());
    }

    private Answer ask(ContainerImage image, boolean kvm, Optional<String> group) throws InterruptedException {
        ContainerHost host = engine.host();
        return Answer.parse(new Errand(host, "find out about KVM", timeout)
                .finish(Errand.startWithKvmOrWithout(host, request(image, kvm, group), List.of()), Progress.SILENT));
    }

    private ContainerRequest request(ContainerImage image, boolean kvm, Optional<String> group) {
        return ContainerRequest.of(image.id(), VmName.random())
                .labels(ownership.labels(timeout))
                .command("probe")
                .kvm(kvm)
                .kvmGroup(group)
                .build();
    }
}
