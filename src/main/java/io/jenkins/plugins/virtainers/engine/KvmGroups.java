package io.jenkins.plugins.virtainers.engine;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.io.Recollection;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * By which group the user of guests may open /dev/kvm, on hosts whose devices cannot be seen from here: a container with
 * the rights of a guest's is asked once. Thread-safe.
 */
final class KvmGroups {
    private static final Logger LOGGER = Logger.getLogger(KvmGroups.class.getName());

    private final VmEngine engine;
    private final Recollection answers;

    KvmGroups(VmEngine engine, Recollection answers) {
        this.engine = requireNonNull(engine, "engine");
        this.answers = requireNonNull(answers, "answers");
    }

    /**
     * What is known of a host, and the group.
     *
     * @param image whose runtime can be asked; what one image answers is believed for its own guests alone
     * @param ownership who asks
     */
    HostInfo known(HostInfo info, ContainerImage image, Ownership ownership, Progress progress)
            throws InterruptedException {
        if (info.kvm() != HostInfo.KvmDevice.UNKNOWN || info.kvmGroup().isPresent()) {
            return info;
        }
        String question = "kvm group of %s, %s on %s, %d CPUs, by %s"
                .formatted(engine.host().address(), info, info.operatingSystem(), info.cpus(), image.id());
        Optional<String> kept = answers.recall(question);
        if (kept.isPresent()) {
            return info.withKvmGroup(kept.filter(group -> !group.isEmpty()));
        }
        progress.step("Asking %s whether guests may use KVM there"
                .formatted(engine.host().address()));
        try {
            Probe.Answer answer = new Probe(engine, ownership).ask(image);
            Optional<String> group = answer.kvm() ? answer.group() : Optional.empty();
            answers.keep(question, group.orElse(""));
            return info.withKvmGroup(group);
        } catch (VirtainerException e) {
            // The guest finds out itself, and is emulated.
            LOGGER.log(Level.FINE, "Cannot ask " + engine.host().address() + " for KVM", e);
            return info;
        }
    }
}
