package io.jenkins.plugins.virtainers;

import com.cloudbees.plugins.credentials.common.StandardListBoxModel;
import com.cloudbees.plugins.credentials.common.StandardUsernameCredentials;
import com.cloudbees.plugins.credentials.common.StandardUsernamePasswordCredentials;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.Util;
import hudson.model.AbstractDescribableImpl;
import hudson.model.Descriptor;
import hudson.model.Label;
import hudson.model.Node;
import hudson.model.labels.LabelAtom;
import hudson.slaves.NodeProperty;
import hudson.slaves.NodePropertyDescriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.virtainers.engine.Acceleration;
import io.jenkins.plugins.virtainers.engine.AgentProgram;
import io.jenkins.plugins.virtainers.engine.BootMode;
import io.jenkins.plugins.virtainers.engine.DiskImage;
import io.jenkins.plugins.virtainers.engine.DiskSize;
import io.jenkins.plugins.virtainers.engine.ImageRef;
import io.jenkins.plugins.virtainers.engine.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.MemorySize;
import io.jenkins.plugins.virtainers.engine.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.NetworkMode;
import io.jenkins.plugins.virtainers.engine.VmName;
import io.jenkins.plugins.virtainers.engine.VmSpec;
import io.jenkins.plugins.virtainers.engine.VncPassword;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.FileCredentials;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.interceptor.RequirePOST;

/**
 * A kind of virtual machine that a cloud offers, as it is configured. What is left out has its default in {@link
 * #toSpec} and in the methods beside it that say what an agent is; the getters return what was written.
 */
@ExportedBean
public class VirtainerTemplate extends AbstractDescribableImpl<VirtainerTemplate> {
    /** Two processors: one for the build, one for the agent and the kernel. */
    private static final int DEFAULT_CPUS = 2;

    private static final MemorySize DEFAULT_MEMORY = MemorySize.parse("2G");
    private static final String DEFAULT_JAVA = "java";
    private static final Duration DEFAULT_BOOT_TIMEOUT = Duration.ofMinutes(10);
    private static final int DEFAULT_IDLE_MINUTES = 2;
    private static final int DEFAULT_BUILDS = 1;
    /** Outlives a restart of the controller, and not its end for long. */
    static final Duration LEASE = Duration.ofMinutes(30);

    private final String image;

    @CheckForNull
    private String name;

    @CheckForNull
    private String labels;

    @CheckForNull
    private Node.Mode mode;

    @CheckForNull
    private Integer executors;

    @CheckForNull
    private Integer cpus;

    @CheckForNull
    private String memory;

    @CheckForNull
    private String disk;

    @CheckForNull
    private String acceleration;

    @CheckForNull
    private String boot;

    @CheckForNull
    private String network;

    @CheckForNull
    private String joins;

    @CheckForNull
    private String diskImage;

    @CheckForNull
    private String checksum;

    @CheckForNull
    private String user;

    @CheckForNull
    private String data;

    /** Null for no. */
    @CheckForNull
    private Boolean screen;

    @CheckForNull
    private String environment;

    @CheckForNull
    private String userData;

    @CheckForNull
    private String metaData;

    @CheckForNull
    private String seedCredentialsId;

    @CheckForNull
    private String initScript;

    @CheckForNull
    private String remoteFs;

    @CheckForNull
    private String javaPath;

    @CheckForNull
    private String jvmOptions;

    /** Null for yes. */
    @CheckForNull
    private Boolean agentInTemplate;

    @CheckForNull
    private String credentialsId;

    @CheckForNull
    private String registryCredentialsId;

    @CheckForNull
    private Integer bootTimeoutMinutes;

    @CheckForNull
    private Integer instanceCap;

    @CheckForNull
    private Integer idleMinutes;

    @CheckForNull
    private Integer maxBuilds;

    @CheckForNull
    private Integer minReady;

    @CheckForNull
    private List<NodeProperty<?>> nodeProperties;

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
    VmSpec.Builder spec(VmName vmName, List<String> authorizedKeys) {
        VmSpec.Builder spec = VmSpec.of(ImageRef.parse(image))
                .name(vmName)
                .cpus(wantedCpus())
                .memory(wantedMemory())
                .boot(wantedBoot())
                .bootTimeout(bootTimeout())
                .lease(LEASE);
        if (!keepsDisk()) {
            spec.ephemeral();
        }
        authorizedKeys.forEach(spec::authorizedKey);
        given(disk).map(DiskSize::parse).ifPresent(spec::disk);
        given(acceleration).map(Acceleration::parse).ifPresent(spec::acceleration);
        given(network).map(NetworkMode::parse).ifPresent(spec::network);
        joinsOf(joins).forEach(spec::join);
        given(diskImage).map(DiskImage.AtAddress::new).ifPresent(spec::diskImage);
        given(checksum).ifPresent(spec::checksum);
        given(user).ifPresent(spec::user);
        given(data).ifPresent(spec::data);
        if (isScreen()) {
            // Who wants to use it, and not only to see it, sets another in the environment.
            spec.vnc(VncPassword.random());
        }
        given(userData).ifPresent(spec::userData);
        given(metaData).ifPresent(spec::metaData);
        given(seedCredentialsId).map(SeedCredentials::find).ifPresent(spec::seed);
        variables(environment).forEach(spec::env);
        return spec;
    }

    /** Whether its agent's program is to wait in the memory templates that its machines are restored from. */
    boolean agentMayWait() {
        return isAgentInTemplate() && wantedBoot().takesTemplates();
    }

    /** Whether its machines are told by their user data or seed who is to log in. */
    boolean makesUsers() {
        return given(userData).isPresent() || given(seedCredentialsId).isPresent();
    }

    /** Whether it is the image's own guest that it boots. */
    boolean bootsItsImage() {
        return given(diskImage).isEmpty();
    }

    private static List<NetworkJoin> joinsOf(@CheckForNull String written) {
        return given(written).stream()
                .flatMap(String::lines)
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(NetworkJoin::parse)
                .toList();
    }

    /** Whether what is on its disk is there for the next machine: only one can have it at a time. */
    boolean keepsDisk() {
        return given(data).isPresent();
    }

    /**
     * The same kind of machine and agent, without a name, a disk of its own, and what is about the number and life of
     * agents.
     *
     * @param spelling of the image
     */
    VirtainerTemplate copyFor(String spelling) {
        VirtainerTemplate copy = new VirtainerTemplate(spelling);
        copy.cpus = cpus;
        copy.memory = memory;
        copy.disk = disk;
        copy.acceleration = acceleration;
        copy.boot = boot;
        copy.network = network;
        copy.joins = joins;
        copy.screen = screen;
        copy.environment = environment;
        copy.userData = userData;
        copy.metaData = metaData;
        copy.seedCredentialsId = seedCredentialsId;
        copy.initScript = initScript;
        copy.remoteFs = remoteFs;
        copy.javaPath = javaPath;
        copy.jvmOptions = jvmOptions;
        copy.agentInTemplate = agentInTemplate;
        copy.credentialsId = credentialsId;
        copy.registryCredentialsId = registryCredentialsId;
        copy.bootTimeoutMinutes = bootTimeoutMinutes;
        copy.setNodeProperties(nodeProperties);
        return copy;
    }

    /** What this template is called: in caps, in the names of its agents, in pages. */
    public String displayName() {
        String plain = given(name).orElse(image);
        return twin == 0 ? plain : plain + " " + (twin + 1);
    }

    /** Numbers it when others of its cloud are called so already, and adds what it is called. */
    void distinguishFrom(Set<String> taken) {
        twin = 0;
        while (!taken.add(displayName())) {
            twin++;
        }
    }

    /** Whether this image is its own, however it is spelt. */
    boolean boots(ImageRef wanted) {
        try {
            return ImageRef.parse(image).equals(wanted);
        } catch (InvalidSpecException e) {
            return false;
        }
    }

    int wantedCpus() {
        return Limit.of(cpus).orElse(DEFAULT_CPUS);
    }

    MemorySize wantedMemory() {
        return given(memory).map(MemorySize::parse).orElse(DEFAULT_MEMORY);
    }

    private BootMode wantedBoot() {
        return given(boot).map(BootMode::parse).orElse(BootMode.AUTO);
    }

    Duration bootTimeout() {
        OptionalInt minutes = Limit.of(bootTimeoutMinutes);
        return minutes.isPresent() ? Duration.ofMinutes(minutes.getAsInt()) : DEFAULT_BOOT_TIMEOUT;
    }

    String workDirectory() {
        return given(remoteFs).orElse(AgentProgram.USUAL_DIRECTORY);
    }

    String java() {
        return given(javaPath).orElse(DEFAULT_JAVA);
    }

    /** Builds that one agent takes, one after the other or at once; empty for any number. */
    OptionalInt buildsPerAgent() {
        return maxBuilds == null ? OptionalInt.of(DEFAULT_BUILDS) : Limit.of(maxBuilds);
    }

    /** Executors of one agent: never more than it may take builds. */
    int slots() {
        int wanted = Limit.of(executors).orElse(1);
        OptionalInt builds = buildsPerAgent();
        return builds.isPresent() ? Math.min(wanted, builds.getAsInt()) : wanted;
    }

    Duration idleTime() {
        return Duration.ofMinutes(idleMinutes == null || idleMinutes < 0 ? DEFAULT_IDLE_MINUTES : idleMinutes);
    }

    int readyAgents() {
        return Limit.of(minReady).orElse(0);
    }

    OptionalInt cap() {
        return keepsDisk() ? OptionalInt.of(1) : Limit.of(instanceCap);
    }

    Node.Mode usage() {
        return mode == null ? Node.Mode.EXCLUSIVE : mode;
    }

    Set<LabelAtom> labelAtoms() {
        return Label.parse(labels);
    }

    /** Whether a build that asks for this label, or for none, may run on an agent of this template. */
    boolean serves(@CheckForNull Label label) {
        return label == null ? usage() == Node.Mode.NORMAL : label.matches(labelAtoms());
    }

    List<NodeProperty<?>> properties() {
        return nodeProperties == null ? List.of() : List.copyOf(nodeProperties);
    }

    private static Optional<String> given(@CheckForNull String written) {
        return Optional.ofNullable(written).filter(value -> !value.isBlank());
    }

    /** Lines of NAME=VALUE; empty lines and those that begin with a # say nothing. */
    static Map<String, String> variables(@CheckForNull String written) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String line : given(written).stream().flatMap(String::lines).toList()) {
            if (line.isBlank() || line.stripLeading().startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals < 1) {
                // Not quoted: the value may be on the wrong line.
                throw new InvalidSpecException("A line of the environment is not of the form NAME=VALUE.");
            }
            variables.put(line.substring(0, equals).strip(), line.substring(equals + 1));
        }
        return variables;
    }

    @Exported
    public String getImage() {
        return image;
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
    public Node.Mode getMode() {
        return mode;
    }

    @DataBoundSetter
    public void setMode(@CheckForNull Node.Mode mode) {
        this.mode = mode;
    }

    @CheckForNull
    @Exported
    public Integer getExecutors() {
        return executors;
    }

    @DataBoundSetter
    public void setExecutors(@CheckForNull Integer executors) {
        this.executors = executors;
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
    public String getDisk() {
        return disk;
    }

    @DataBoundSetter
    public void setDisk(@CheckForNull String disk) {
        this.disk = Util.fixEmptyAndTrim(disk);
    }

    @CheckForNull
    @Exported
    public String getAcceleration() {
        return acceleration;
    }

    @DataBoundSetter
    public void setAcceleration(@CheckForNull String acceleration) {
        this.acceleration = Util.fixEmptyAndTrim(acceleration);
    }

    /** Which way the guest comes up; without, the fastest that works. */
    @CheckForNull
    @Exported
    public String getBoot() {
        return boot;
    }

    @DataBoundSetter
    public void setBoot(@CheckForNull String boot) {
        this.boot = Util.fixEmptyAndTrim(boot);
    }

    @CheckForNull
    @Exported
    public String getNetwork() {
        return network;
    }

    @DataBoundSetter
    public void setNetwork(@CheckForNull String network) {
        this.network = Util.fixEmptyAndTrim(network);
    }

    /** Networks of the container host that the machine is on, NETWORK or NETWORK=ADDRESS, a line each. */
    @CheckForNull
    @Exported
    public String getJoins() {
        return joins;
    }

    @DataBoundSetter
    public void setJoins(@CheckForNull String joins) {
        this.joins = Util.fixEmptyAndTrim(joins);
    }

    /** Address of the disk image to boot in place of the image's own guest. */
    @CheckForNull
    public String getDiskImage() {
        return diskImage;
    }

    @DataBoundSetter
    public void setDiskImage(@CheckForNull String diskImage) {
        this.diskImage = Util.fixEmptyAndTrim(diskImage);
    }

    /** The sha256 or sha512 that the disk image must have. */
    @CheckForNull
    @Exported
    public String getChecksum() {
        return checksum;
    }

    @DataBoundSetter
    public void setChecksum(@CheckForNull String checksum) {
        this.checksum = Util.fixEmptyAndTrim(checksum);
    }

    /** Login of the guest that gets the keys; without, the image's. */
    @CheckForNull
    @Exported
    public String getUser() {
        return user;
    }

    @DataBoundSetter
    public void setUser(@CheckForNull String user) {
        this.user = Util.fixEmptyAndTrim(user);
    }

    /** Volume or folder of the container host that keeps the disk for the next agent. */
    @CheckForNull
    @Exported
    public String getData() {
        return data;
    }

    @DataBoundSetter
    public void setData(@CheckForNull String data) {
        this.data = Util.fixEmptyAndTrim(data);
    }

    public boolean isScreen() {
        return screen != null && screen;
    }

    @DataBoundSetter
    public void setScreen(boolean screen) {
        this.screen = screen ? true : null;
    }

    @CheckForNull
    public String getEnvironment() {
        return environment;
    }

    @DataBoundSetter
    public void setEnvironment(@CheckForNull String environment) {
        this.environment = Util.fixEmptyAndTrim(environment);
    }

    @CheckForNull
    public String getUserData() {
        return userData;
    }

    @DataBoundSetter
    public void setUserData(@CheckForNull String userData) {
        this.userData = Util.fixEmptyAndTrim(userData);
    }

    /** Given to cloud-init unchanged, as user data is; without, it names the machine after its agent. */
    @CheckForNull
    public String getMetaData() {
        return metaData;
    }

    @DataBoundSetter
    public void setMetaData(@CheckForNull String metaData) {
        this.metaData = Util.fixEmptyAndTrim(metaData);
    }

    /** A secret file with all that cloud-init is told, in place of user data and meta data. */
    @CheckForNull
    public String getSeedCredentialsId() {
        return seedCredentialsId;
    }

    @DataBoundSetter
    public void setSeedCredentialsId(@CheckForNull String seedCredentialsId) {
        this.seedCredentialsId = Util.fixEmptyAndTrim(seedCredentialsId);
    }

    @CheckForNull
    public String getInitScript() {
        return initScript;
    }

    @DataBoundSetter
    public void setInitScript(@CheckForNull String initScript) {
        this.initScript = Util.fixEmptyAndTrim(initScript);
    }

    @CheckForNull
    @Exported
    public String getRemoteFs() {
        return remoteFs;
    }

    @DataBoundSetter
    public void setRemoteFs(@CheckForNull String remoteFs) {
        this.remoteFs = Util.fixEmptyAndTrim(remoteFs);
    }

    @CheckForNull
    @Exported
    public String getJavaPath() {
        return javaPath;
    }

    @DataBoundSetter
    public void setJavaPath(@CheckForNull String javaPath) {
        this.javaPath = Util.fixEmptyAndTrim(javaPath);
    }

    @CheckForNull
    @Exported
    public String getJvmOptions() {
        return jvmOptions;
    }

    @DataBoundSetter
    public void setJvmOptions(@CheckForNull String jvmOptions) {
        this.jvmOptions = Util.fixEmptyAndTrim(jvmOptions);
    }

    /** Whether the agent's program waits in the memory template, where it can, rather than be started in each guest. */
    public boolean isAgentInTemplate() {
        return agentInTemplate == null || agentInTemplate;
    }

    @DataBoundSetter
    public void setAgentInTemplate(boolean agentInTemplate) {
        this.agentInTemplate = agentInTemplate ? null : false;
    }

    /** Whose key or password logs in; without one, each agent has a key of its own that nobody else ever had. */
    @CheckForNull
    public String getCredentialsId() {
        return credentialsId;
    }

    @DataBoundSetter
    public void setCredentialsId(@CheckForNull String credentialsId) {
        this.credentialsId = Util.fixEmptyAndTrim(credentialsId);
    }

    /** Who pulls the image; without one, anybody may. */
    @CheckForNull
    public String getRegistryCredentialsId() {
        return registryCredentialsId;
    }

    @DataBoundSetter
    public void setRegistryCredentialsId(@CheckForNull String registryCredentialsId) {
        this.registryCredentialsId = Util.fixEmptyAndTrim(registryCredentialsId);
    }

    @CheckForNull
    @Exported
    public Integer getBootTimeoutMinutes() {
        return bootTimeoutMinutes;
    }

    @DataBoundSetter
    public void setBootTimeoutMinutes(@CheckForNull Integer bootTimeoutMinutes) {
        this.bootTimeoutMinutes = bootTimeoutMinutes;
    }

    @CheckForNull
    @Exported
    public Integer getInstanceCap() {
        return instanceCap;
    }

    @DataBoundSetter
    public void setInstanceCap(@CheckForNull Integer instanceCap) {
        this.instanceCap = instanceCap;
    }

    @CheckForNull
    @Exported
    public Integer getIdleMinutes() {
        return idleMinutes;
    }

    @DataBoundSetter
    public void setIdleMinutes(@CheckForNull Integer idleMinutes) {
        this.idleMinutes = idleMinutes;
    }

    /** Builds that one agent takes: 1 unless written, 0 for any number. */
    @CheckForNull
    @Exported
    public Integer getMaxBuilds() {
        return maxBuilds;
    }

    @DataBoundSetter
    public void setMaxBuilds(@CheckForNull Integer maxBuilds) {
        this.maxBuilds = maxBuilds;
    }

    @CheckForNull
    @Exported
    public Integer getMinReady() {
        return minReady;
    }

    @DataBoundSetter
    public void setMinReady(@CheckForNull Integer minReady) {
        this.minReady = minReady;
    }

    @CheckForNull
    public List<NodeProperty<?>> getNodeProperties() {
        return nodeProperties;
    }

    @DataBoundSetter
    public void setNodeProperties(@CheckForNull List<NodeProperty<?>> nodeProperties) {
        this.nodeProperties =
                nodeProperties == null || nodeProperties.isEmpty() ? null : new ArrayList<>(nodeProperties);
    }

    @Override
    public String toString() {
        return displayName();
    }

    @Extension
    public static class DescriptorImpl extends Descriptor<VirtainerTemplate> {
        @Override
        public String getDisplayName() {
            return "Virtual machine";
        }

        /** Properties of nodes that fit an agent of ours. */
        public List<NodePropertyDescriptor> getNodePropertyDescriptors() {
            return NodeProperty.all().stream()
                    .filter(property -> property.isApplicable(VirtainerAgent.class))
                    .toList();
        }

        @RequirePOST
        public ListBoxModel doFillAccelerationItems() {
            return words(Arrays.stream(Acceleration.values()).map(Acceleration::word));
        }

        @RequirePOST
        public ListBoxModel doFillBootItems() {
            return words(Arrays.stream(BootMode.values()).map(BootMode::word));
        }

        @RequirePOST
        public ListBoxModel doFillNetworkItems() {
            return words(Arrays.stream(NetworkMode.values()).map(NetworkMode::word));
        }

        private static ListBoxModel words(java.util.stream.Stream<String> words) {
            ListBoxModel items = new ListBoxModel();
            if (Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                words.forEach(items::add);
            }
            return items;
        }

        @RequirePOST
        public ListBoxModel doFillModeItems() {
            ListBoxModel items = new ListBoxModel();
            if (Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
                // The first is what a template has that says nothing.
                items.add(Node.Mode.EXCLUSIVE.getDescription(), Node.Mode.EXCLUSIVE.name());
                items.add(Node.Mode.NORMAL.getDescription(), Node.Mode.NORMAL.name());
            }
            return items;
        }

        @RequirePOST
        public ListBoxModel doFillCredentialsIdItems(@QueryParameter String credentialsId) {
            return Fields.credentials(
                    StandardUsernameCredentials.class,
                    credentialsId,
                    items -> items.add("- a new key for each agent -", ""));
        }

        @RequirePOST
        public ListBoxModel doFillRegistryCredentialsIdItems(@QueryParameter String registryCredentialsId) {
            return Fields.credentials(
                    StandardUsernamePasswordCredentials.class,
                    registryCredentialsId,
                    StandardListBoxModel::includeEmptyValue);
        }

        @RequirePOST
        public FormValidation doCheckRegistryCredentialsId(@QueryParameter String value) {
            return Fields.check(value, RegistryCredentials::check);
        }

        @RequirePOST
        public ListBoxModel doFillSeedCredentialsIdItems(@QueryParameter String seedCredentialsId) {
            return Fields.credentials(
                    FileCredentials.class, seedCredentialsId, StandardListBoxModel::includeEmptyValue);
        }

        @RequirePOST
        public FormValidation doCheckSeedCredentialsId(@QueryParameter String value) {
            return SeedCredentials.check(value);
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
        public FormValidation doCheckLabels(@QueryParameter String value, @QueryParameter String mode) {
            if (Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                    && Util.fixEmptyAndTrim(value) == null
                    && !Node.Mode.NORMAL.name().equals(mode)) {
                return FormValidation.warning("Without a label no build gets here: give it one.");
            }
            return FormValidation.ok();
        }

        /** Whether a machine can be described with what was written. */
        private static FormValidation inSpec(@CheckForNull String value, BiConsumer<VmSpec.Builder, String> setting) {
            return Fields.parsed(value, written -> {
                VmSpec.Builder spec = VmSpec.of(ImageRef.parse("debian:12"));
                setting.accept(spec, written);
                return spec.build();
            });
        }

        @RequirePOST
        public FormValidation doCheckMemory(@QueryParameter String value) {
            return inSpec(value, (spec, written) -> spec.memory(MemorySize.parse(written)));
        }

        @RequirePOST
        public FormValidation doCheckDisk(@QueryParameter String value) {
            return Fields.parsed(value, DiskSize::parse);
        }

        @RequirePOST
        public FormValidation doCheckJoins(@QueryParameter String value) {
            return inSpec(value, (spec, written) -> joinsOf(written).forEach(spec::join));
        }

        @RequirePOST
        public FormValidation doCheckDiskImage(@QueryParameter String value, @QueryParameter String user) {
            return inSpec(value, (spec, written) -> {
                spec.diskImage(new DiskImage.AtAddress(written.strip()));
                given(user).ifPresent(spec::user);
            });
        }

        @RequirePOST
        public FormValidation doCheckUser(@QueryParameter String value) {
            return inSpec(value, (spec, written) -> spec.user(written.strip()));
        }

        @RequirePOST
        public FormValidation doCheckData(@QueryParameter String value, @QueryParameter String instanceCap) {
            FormValidation folder = inSpec(value, (spec, written) -> spec.data(written.strip()));
            return folder.kind == FormValidation.Kind.OK
                            && Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                            && Util.fixEmptyAndTrim(value) != null
                            && number(instanceCap).orElse(1) != 1
                    ? FormValidation.warning("One machine at a time can have this disk, so there is one agent at most.")
                    : folder;
        }

        @RequirePOST
        public FormValidation doCheckCpus(@QueryParameter String value) {
            return Fields.check(value, written -> FormValidation.validateIntegerInRange(written, 1, 255));
        }

        @RequirePOST
        public FormValidation doCheckEnvironment(@QueryParameter String value) {
            return inSpec(value, (spec, written) -> variables(written).forEach(spec::env));
        }

        @RequirePOST
        public FormValidation doCheckUserData(@QueryParameter String value) {
            return Fields.check(
                    value,
                    written -> written.startsWith("#cloud-config")
                                    || written.startsWith("#!")
                                    || written.startsWith("Content-Type:")
                            ? FormValidation.ok()
                            : FormValidation.warning(
                                    "cloud-init ignores user data that begins with neither #cloud-config nor #!."));
        }

        @RequirePOST
        public FormValidation doCheckRemoteFs(@QueryParameter String value) {
            return Fields.check(
                    value,
                    written -> written.strip().startsWith("/")
                            ? FormValidation.ok()
                            : FormValidation.error(
                                    "Write an absolute path, such as " + AgentProgram.USUAL_DIRECTORY + "."));
        }

        @RequirePOST
        public FormValidation doCheckCredentialsId(@QueryParameter String value) {
            return Fields.check(value, LoginCredentials::check);
        }

        @RequirePOST
        public FormValidation doCheckExecutors(@QueryParameter String value, @QueryParameter String maxBuilds) {
            FormValidation number = Limit.check(value);
            if (number.kind != FormValidation.Kind.OK
                    || !Jenkins.get().hasPermission(Jenkins.ADMINISTER)
                    || Util.fixEmptyAndTrim(value) == null) {
                return number;
            }
            int builds = number(maxBuilds).orElse(DEFAULT_BUILDS);
            return builds > 0 && number(value).orElse(1) > builds
                    ? FormValidation.warning("An agent takes %d build%s, so it has no more executors than that."
                            .formatted(builds, builds == 1 ? "" : "s"))
                    : FormValidation.ok();
        }

        private static OptionalInt number(@CheckForNull String written) {
            try {
                return OptionalInt.of(Integer.parseInt(Util.fixNull(written).strip()));
            } catch (NumberFormatException e) {
                return OptionalInt.empty();
            }
        }

        @RequirePOST
        public FormValidation doCheckBootTimeoutMinutes(@QueryParameter String value) {
            return Limit.check(value);
        }

        @RequirePOST
        public FormValidation doCheckInstanceCap(@QueryParameter String value) {
            return Limit.check(value);
        }

        @RequirePOST
        public FormValidation doCheckIdleMinutes(@QueryParameter String value) {
            return nonNegative(value);
        }

        @RequirePOST
        public FormValidation doCheckMaxBuilds(@QueryParameter String value) {
            return nonNegative(value);
        }

        @RequirePOST
        public FormValidation doCheckMinReady(@QueryParameter String value) {
            return nonNegative(value);
        }

        private static FormValidation nonNegative(String value) {
            return Fields.check(value, FormValidation::validateNonNegativeInteger);
        }
    }
}
