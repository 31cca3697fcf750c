package io.jenkins.plugins.virtainers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.RelativePath;
import hudson.Util;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Label;
import hudson.model.Node;
import hudson.model.labels.LabelAtom;
import hudson.util.FormValidation;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import io.jenkins.plugins.virtainers.forms.Fields;
import io.jenkins.plugins.virtainers.forms.Limit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * A kind of virtual machine that a cloud offers, as it is configured: what most say at the top, the rest in groups. What
 * is left out has its default in {@link #toSpec} and in the methods beside the getters, which return what was written.
 */
@ExportedBean
public class VirtainerTemplate implements Describable<VirtainerTemplate> {
    /** Two processors: one for the build, one for the agent and the kernel. */
    private static final int DEFAULT_CPUS = 2;

    private static final MemorySize DEFAULT_MEMORY = MemorySize.parse("2G");
    /** Outlives a restart of the controller, and not its end for long. */
    public static final Duration LEASE = Duration.ofMinutes(30);

    private final String image;

    @CheckForNull
    private String id;

    @CheckForNull
    private String name;

    @CheckForNull
    private String labels;

    @CheckForNull
    private Integer cpus;

    @CheckForNull
    private String memory;

    @CheckForNull
    private TemplateHardware hardware;

    @CheckForNull
    private TemplateNetwork network;

    @CheckForNull
    private TemplateBoot boot;

    @CheckForNull
    private TemplateAgent agent;

    @CheckForNull
    private TemplateLife life;

    /** By what a pipeline asked for it, which is not always its image. */
    @CheckForNull
    private String askedFor;

    /** How many templates before it in its cloud are called as it is. */
    private transient int twin;

    @DataBoundConstructor
    public VirtainerTemplate(String image) {
        this.image = Util.fixNull(image).strip();
    }

    /**
     * What to boot, where and with what right to log in.
     *
     * @param vmName of the agent's container
     * @param authorizedKeys public keys that may log in
     * @throws InvalidSpecException with one sentence about the first thing that is wrong
     */
    public VmSpec toSpec(VmName vmName, List<String> authorizedKeys) {
        return spec(vmName, authorizedKeys).build();
    }

    /** What {@link #toSpec} makes, before the last word. */
    public VmSpec.Builder spec(VmName vmName, List<String> authorizedKeys) {
        VmSpec.Builder spec = VmSpec.of(ImageRef.parse(image))
                .name(vmName)
                .cpus(wantedCpus())
                .memory(wantedMemory())
                .lease(LEASE);
        authorizedKeys.forEach(spec::authorizedKey);
        hardware().describe(spec);
        network().describe(spec);
        boot().describe(spec);
        scriptOfTemplate().ifPresent(script -> spec.userData(script).shareUserData());
        return spec;
    }

    /** The init script as user data, where it is to run once, in the memory template, and no other is in its place. */
    public Optional<String> scriptOfTemplate() {
        return boot().makesUsers() ? Optional.empty() : agent().scriptAsUserData(boot().wantedUser());
    }

    /**
     * The same kind of machine and agent, without an identity, a disk of its own, and what is about the number and life
     * of agents.
     *
     * @param wanted its name, or its image in any spelling
     */
    public VirtainerTemplate copyFor(String wanted) {
        VirtainerTemplate copy = TemplateSettings.copy(this, new VirtainerTemplate(isCalled(wanted) ? image : wanted));
        copy.askedFor = wanted;
        copy.id = null;
        copy.name = null;
        copy.labels = null;
        copy.twin = 0;
        copy.life = null;
        TemplateBoot machine = copy.boot();
        machine.setData(null);
        copy.setBoot(machine);
        return copy;
    }

    /** What machines are made of; says nothing where nothing was said, and is then no part of this template. */
    public TemplateHardware hardware() {
        return hardware == null ? new TemplateHardware() : hardware;
    }

    /** How machines are reached, likewise. */
    public TemplateNetwork network() {
        return network == null ? new TemplateNetwork() : network;
    }

    /** What machines boot, likewise. */
    public TemplateBoot boot() {
        return boot == null ? new TemplateBoot() : boot;
    }

    /** What agents are, likewise. */
    public TemplateAgent agent() {
        return agent == null ? new TemplateAgent() : agent;
    }

    /** How many agents there are and how long they stay, likewise. */
    public TemplateLife life() {
        return life == null ? new TemplateLife() : life;
    }

    /** Whether its agent's program is to wait in the memory templates that its machines are restored from. */
    public boolean agentMayWait() {
        return agent().isInTemplate() && boot().way().takesTemplates();
    }

    /** What this template is called: in the names of its agents, in pages. */
    public String displayName() {
        String plain = Fields.given(name).orElse(image);
        return twin == 0 ? plain : plain + " " + (twin + 1);
    }

    /** By what its cloud and its agents know it: its id, and without one what it is called. */
    public String key() {
        return Fields.given(id).orElseGet(this::displayName);
    }

    /** Numbers it when others of its cloud are called so already, and gives it another id when one of them has its. */
    void distinguishFrom(Set<String> names, Set<String> keys) {
        twin = 0;
        while (!names.add(displayName())) {
            twin++;
        }
        while (!keys.add(key())) {
            id = newId();
        }
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    /** By what it was asked for, of a machine of a pipeline's; else its image. */
    String askedFor() {
        return askedFor == null ? image : askedFor;
    }

    /** Whether an administrator gave it this name, by which pipelines then ask for what it boots. */
    boolean isCalled(String wanted) {
        return Fields.given(name).filter(wanted.strip()::equals).isPresent();
    }

    /** Whether this image is its own, however it is spelt. */
    public boolean boots(ImageRef wanted) {
        try {
            return ImageRef.parse(image).equals(wanted);
        } catch (InvalidSpecException e) {
            return false;
        }
    }

    public int wantedCpus() {
        return Limit.of(cpus).orElse(DEFAULT_CPUS);
    }

    public MemorySize wantedMemory() {
        return Fields.given(memory).map(MemorySize::parse).orElse(DEFAULT_MEMORY);
    }

    /** Executors of one agent: never more than it may take builds. */
    public int slots() {
        int wanted = agent().wantedExecutors();
        OptionalInt builds = life().buildsPerAgent();
        return builds.isPresent() ? Math.min(wanted, builds.getAsInt()) : wanted;
    }

    /** How many agents it may have at once; empty for any number. */
    public OptionalInt cap() {
        return boot().keepsDisk() ? OptionalInt.of(1) : life().cap();
    }

    private Set<LabelAtom> labelAtoms() {
        return Label.parse(labels);
    }

    /** Whether a build that asks for this label, or for none, may run on an agent of this template. */
    public boolean serves(@CheckForNull Label label) {
        return label == null ? agent().usage() == Node.Mode.NORMAL : label.matches(labelAtoms());
    }

    @Exported
    public String getImage() {
        return image;
    }

    /** What stays the same when it is renamed or moved, so that agents find their template. */
    @CheckForNull
    @Exported
    public String getId() {
        return id;
    }

    @DataBoundSetter
    public void setId(@CheckForNull String id) {
        this.id = Util.fixEmptyAndTrim(id);
    }

    @CheckForNull
    @Exported
    public String getName() {
        return name;
    }

    @DataBoundSetter
    public void setName(@CheckForNull String name) {
        this.name = Util.fixEmptyAndTrim(name);
    }

    @CheckForNull
    @Exported
    public String getLabels() {
        return labels;
    }

    @DataBoundSetter
    public void setLabels(@CheckForNull String labels) {
        this.labels = Util.fixEmptyAndTrim(labels);
    }

    @CheckForNull
    @Exported
    public Integer getCpus() {
        return cpus;
    }

    @DataBoundSetter
    public void setCpus(@CheckForNull Integer cpus) {
        this.cpus = cpus;
    }

    @CheckForNull
    @Exported
    public String getMemory() {
        return memory;
    }

    @DataBoundSetter
    public void setMemory(@CheckForNull String memory) {
        this.memory = Util.fixEmptyAndTrim(memory);
    }

    @CheckForNull
    @Exported
    public TemplateHardware getHardware() {
        return hardware;
    }

    @DataBoundSetter
    public void setHardware(@CheckForNull TemplateHardware hardware) {
        this.hardware = TemplateSettings.orNull(hardware);
    }

    @CheckForNull
    @Exported
    public TemplateNetwork getNetwork() {
        return network;
    }

    @DataBoundSetter
    public void setNetwork(@CheckForNull TemplateNetwork network) {
        this.network = TemplateSettings.orNull(network);
    }

    @CheckForNull
    @Exported
    public TemplateBoot getBoot() {
        return boot;
    }

    @DataBoundSetter
    public void setBoot(@CheckForNull TemplateBoot boot) {
        this.boot = TemplateSettings.orNull(boot);
    }

    @CheckForNull
    @Exported
    public TemplateAgent getAgent() {
        return agent;
    }

    @DataBoundSetter
    public void setAgent(@CheckForNull TemplateAgent agent) {
        this.agent = TemplateSettings.orNull(agent);
    }

    @CheckForNull
    @Exported
    public TemplateLife getLife() {
        return life;
    }

    @DataBoundSetter
    public void setLife(@CheckForNull TemplateLife life) {
        this.life = TemplateSettings.orNull(life);
    }

    @Override
    public String toString() {
        return displayName();
    }

    @Extension
    public static class DescriptorImpl extends Descriptor<VirtainerTemplate> {
        @NonNull
        @Override
        public String getDisplayName() {
            return "Virtual machine";
        }

        /** What the form gives a template as its id: the one that it goes by, or one that nobody had. */
        public String idOf(@CheckForNull VirtainerTemplate template) {
            return template == null ? newId() : template.key();
        }

        @RequirePOST
        public FormValidation doCheckImage(@QueryParameter String value) {
            if (Util.fixEmptyAndTrim(value) == null) {
                return Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                        ? FormValidation.error("Which image? Write NAME:TAG, such as debian:12.")
                        : FormValidation.ok();
            }
            return Fields.parsed(value, ImageRef::parse);
        }

        @RequirePOST
        public FormValidation doCheckLabels(
                @QueryParameter String value, @RelativePath("agent") @QueryParameter String mode) {
            if (Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                    && Util.fixEmptyAndTrim(value) == null
                    && !Node.Mode.NORMAL.name().equals(mode)) {
                return FormValidation.warning("Without a label no build gets here: give it one.");
            }
            return FormValidation.ok();
        }

        @RequirePOST
        public FormValidation doCheckMemory(@QueryParameter String value) {
            return Fields.inSpec(value, (spec, written) -> spec.memory(MemorySize.parse(written)));
        }

        @RequirePOST
        public FormValidation doCheckCpus(@QueryParameter String value) {
            return Fields.check(value, written -> FormValidation.validateIntegerInRange(written, 1, 255));
        }
    }
}
