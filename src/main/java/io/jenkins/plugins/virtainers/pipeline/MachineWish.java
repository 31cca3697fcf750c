package io.jenkins.plugins.virtainers.pipeline;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import hudson.Util;
import hudson.model.Node;
import io.jenkins.plugins.virtainers.TemplateAgent;
import io.jenkins.plugins.virtainers.TemplateBoot;
import io.jenkins.plugins.virtainers.TemplateHardware;
import io.jenkins.plugins.virtainers.TemplateLife;
import io.jenkins.plugins.virtainers.TemplateNetwork;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.io.Serial;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** What a pipeline says of the machine that it wants, by the step and by the Declarative agent alike. */
final class MachineWish implements Serializable {
    @Serial
    private static final long serialVersionUID = 1;

    private final String image;

    @CheckForNull
    private String cloud;

    @CheckForNull
    private Integer cpus;

    @CheckForNull
    private String memory;

    @CheckForNull
    private String disk;

    @CheckForNull
    private String network;

    @CheckForNull
    private String userData;

    MachineWish(@CheckForNull String image) {
        this.image = Util.fixNull(image).strip();
    }

    /** What was said, as arguments of the step. */
    Map<String, Object> arguments() {
        Map<String, Object> arguments = new TreeMap<>();
        arguments.put("image", image);
        arguments.put("cloud", cloud);
        arguments.put("cpus", cpus);
        arguments.put("memory", memory);
        arguments.put("disk", disk);
        arguments.put("network", network);
        arguments.put("userData", userData);
        arguments.values().removeIf(Objects::isNull);
        return arguments;
    }

    /** The cloud that was named, else the first that lets the job in. */
    VirtainerCloud cloudFor(String job) throws AbortException {
        List<VirtainerCloud> candidates = VirtainerCloud.clouds().stream()
                .filter(candidate -> cloud == null || candidate.name.equals(cloud))
                .toList();
        if (candidates.isEmpty()) {
            throw new AbortException(
                    cloud == null
                            ? "There is no cloud of virtainers: add one under Manage Jenkins, Clouds."
                            : "There is no cloud of virtainers with the name %s.".formatted(cloud));
        }
        Optional<VirtainerCloud> open = candidates.stream()
                .filter(candidate ->
                        candidate.policy().refusalOfJob(candidate.name, job).isEmpty())
                .findFirst();
        if (open.isEmpty()) {
            VirtainerCloud closed = candidates.get(0);
            throw new AbortException(
                    closed.policy().refusalOfJob(closed.name, job).orElseThrow());
        }
        return open.get();
    }

    /**
     * A machine as the cloud's own template for the image has it, with what was asked for in place of that.
     *
     * @param label that nobody else has, the template's name as well
     */
    VirtainerTemplate template(VirtainerCloud home, String label) {
        VirtainerTemplate template =
                home.ownTemplate(image).map(own -> own.copyFor(image)).orElseGet(() -> new VirtainerTemplate(image));
        template.setName(label);
        template.setLabels(label);
        Optional.ofNullable(cpus).ifPresent(template::setCpus);
        Optional.ofNullable(memory).ifPresent(template::setMemory);
        TemplateHardware hardware = template.hardware();
        Optional.ofNullable(disk).ifPresent(hardware::setDisk);
        template.setHardware(hardware);
        TemplateNetwork way = template.network();
        Optional.ofNullable(network).ifPresent(way::setMode);
        template.setNetwork(way);
        TemplateBoot boot = template.boot();
        Optional.ofNullable(userData).ifPresent(text -> {
            boot.setUserDataOfOne(text);
            // It would stand above.
            boot.setSeedCredentialsId(null);
        });
        template.setBoot(boot);
        TemplateAgent agent = template.agent();
        agent.setMode(Node.Mode.EXCLUSIVE);
        agent.setExecutors(1);
        template.setAgent(agent);
        TemplateLife life = template.life();
        life.setMaxBuilds(1);
        template.setLife(life);
        return template;
    }

    /**
     * The same, after a look at whether it makes sense and the cloud allows it.
     *
     * @throws AbortException with the sentence that says what is wrong
     */
    VirtainerTemplate checked(VirtainerCloud home, String label) throws AbortException {
        if (cpus != null && cpus < 1) {
            throw new AbortException("A machine has at least 1 CPU, not %d.".formatted(cpus));
        }
        try {
            VirtainerTemplate template = template(home, label);
            Optional<String> refusal = home.refusal(template);
            if (refusal.isPresent()) {
                throw new AbortException(refusal.get());
            }
            // Says what is wrong with it now, not when a node is asked for.
            Objects.requireNonNull(template.toSpec(new VmName("virtainer"), List.of()));
            return template;
        } catch (InvalidSpecException e) {
            throw new AbortException(e.getMessage());
        }
    }

    String image() {
        return image;
    }

    @CheckForNull
    String cloud() {
        return cloud;
    }

    void cloud(@CheckForNull String value) {
        cloud = Util.fixEmptyAndTrim(value);
    }

    @CheckForNull
    Integer cpus() {
        return cpus;
    }

    void cpus(@CheckForNull Integer value) {
        cpus = value;
    }

    @CheckForNull
    String memory() {
        return memory;
    }

    void memory(@CheckForNull String value) {
        memory = Util.fixEmptyAndTrim(value);
    }

    @CheckForNull
    String disk() {
        return disk;
    }

    void disk(@CheckForNull String value) {
        disk = Util.fixEmptyAndTrim(value);
    }

    @CheckForNull
    String network() {
        return network;
    }

    void network(@CheckForNull String value) {
        network = Util.fixEmptyAndTrim(value);
    }

    @CheckForNull
    String userData() {
        return userData;
    }

    void userData(@CheckForNull String value) {
        userData = Util.fixEmptyAndTrim(value);
    }
}
