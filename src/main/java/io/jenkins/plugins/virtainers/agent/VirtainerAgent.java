package io.jenkins.plugins.virtainers.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.Extension;
import hudson.model.Computer;
import hudson.model.Descriptor;
import hudson.model.Label;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.TaskListener;
import hudson.model.queue.CauseOfBlockage;
import hudson.slaves.AbstractCloudComputer;
import hudson.slaves.AbstractCloudSlave;
import hudson.util.Secret;
import io.jenkins.plugins.virtainers.PipelineTemplates;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.VirtainerHost;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.cleanup.Disposals;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.fleet.Claim;
import io.jenkins.plugins.virtainers.fleet.ClaimSource;
import io.jenkins.plugins.virtainers.fleet.HostContacts;
import io.jenkins.plugins.virtainers.fleet.Installation;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import io.jenkins.plugins.virtainers.waiting.Admission;
import io.jenkins.plugins.virtainers.waiting.Builds;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.durabletask.executors.ContinuedTask;

/**
 * An agent that is a virtual machine of its own. Persisted, so that a controller that comes back finds the machine that
 * it left behind, and the builds on it. Everything that must be known for that is here; everything that is a secret is a
 * {@link Secret}.
 */
public class VirtainerAgent extends AbstractCloudSlave {
    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(VirtainerAgent.class.getName());

    /** Whose its machine is: a copy of this Jenkins' home has another name, and no right to it. */
    private final String owner;

    private final String cloudName;
    private final String templateId;
    private final String templateName;
    private final String hostUri;
    private final String image;
    private final int cpus;
    private final String memory;

    @CheckForNull
    private final String javaPath;

    private final int maxBuilds;
    private final long bootTimeoutSeconds;
    private final long createdMillis;
    private final boolean keepsDisk;
    private final boolean screen;

    /** The only build that it is for; none where its template is configured. */
    @CheckForNull
    private final String build;

    @CheckForNull
    private final String jvmOptions;

    @CheckForNull
    private final String credentialsId;

    @CheckForNull
    private final String hostCredentialsId;

    /** The one-time key; none where a credential is used. */
    @CheckForNull
    private final Secret oneTimeKey;

    @CheckForNull
    private final String oneTimePublicKey;

    @CheckForNull
    private volatile String container;

    @CheckForNull
    private volatile ArrayList<BootStep> bootSteps;

    private volatile boolean everOnline;
    private int buildsTaken;
    /** Builds that began, or came back after a restart, and are not over. */
    @SuppressFBWarnings(value = "SE_TRANSIENT_FIELD_NOT_RESTORED", justification = "none runs when an agent is loaded")
    private transient int buildsRunning;

    private transient volatile boolean retiring;
    /** Somebody asked for it by hand, so that it may boot although no build waits for it. */
    private transient volatile boolean byHand;
    /** Made by this very controller process; what is read from disk is not. */
    @SuppressFBWarnings(value = "SE_TRANSIENT_FIELD_NOT_RESTORED", justification = "false is what a loaded agent has")
    private transient boolean fresh;

    VirtainerAgent(Claim claim, VirtainerTemplate template, Optional<SshKeyPair> key)
            throws Descriptor.FormException, IOException {
        super(claim.agent(), template.agent().workDirectory(), new VirtainerLauncher());
        this.owner = Installation.owner();
        this.cloudName = claim.cloud();
        this.templateId = claim.template();
        this.templateName = template.displayName();
        this.hostUri = claim.host();
        this.image = template.getImage();
        this.cpus = claim.cpus();
        this.memory = claim.memory().toString();
        this.javaPath = template.agent().java().orElse(null);
        this.jvmOptions = template.agent().getJvmOptions();
        this.credentialsId = template.agent().getCredentialsId();
        this.hostCredentialsId = VirtainerCloud.find(claim.cloud())
                .flatMap(cloud -> cloud.host(claim.host()))
                .map(VirtainerHost::getCredentialsId)
                .orElse(null);
        this.build =
                PipelineTemplates.get().buildOf(claim.cloud(), claim.template()).orElse(null);
        this.maxBuilds = template.life().buildsPerAgent().orElse(0);
        this.bootTimeoutSeconds = template.boot().timeout().toSeconds();
        this.createdMillis = System.currentTimeMillis();
        this.keepsDisk = template.boot().keepsDisk();
        this.screen = template.hardware().isScreen();
        this.fresh = true;
        this.oneTimeKey = key.map(pair -> Secret.fromString(pair.privatePem())).orElse(null);
        this.oneTimePublicKey = key.map(SshKeyPair::publicLine).orElse(null);
        // Everybody reads it; the host is for those who may look closely.
        setNodeDescription(template.getImage());
        setNumExecutors(template.slots());
        setMode(template.agent().usage());
        setLabelString(template.getLabels() == null ? "" : template.getLabels());
        setRetentionStrategy(new VirtainerRetention(template.life().idleTime().toMinutes()));
        setNodeProperties(new ArrayList<>(template.agent().properties()));
    }

    /** An agent of a template, with a key of its own unless the template names one. */
    public static VirtainerAgent of(Claim claim, VirtainerTemplate template)
            throws Descriptor.FormException, IOException {
        // Says what is wrong with the template before anybody waits for it.
        Objects.requireNonNull(template.toSpec(new VmName(claim.agent()), List.of()));
        Optional<SshKeyPair> key = template.agent().credential().isEmpty()
                ? Optional.of(new OpenSshKeys().ed25519(claim.agent()))
                : Optional.empty();
        return AgentKind.current().agent(claim, template, key);
    }

    @Override
    public AbstractCloudComputer<VirtainerAgent> createComputer() {
        return new VirtainerComputer(this);
    }

    /** Every agent of ours that has a node. */
    public static Stream<VirtainerAgent> all() {
        return Jenkins.get().getNodes().stream()
                .filter(VirtainerAgent.class::isInstance)
                .map(VirtainerAgent.class::cast);
    }

    /** The agent of ours with this name. */
    public static Optional<VirtainerAgent> find(String name) {
        return Jenkins.get().getNode(name) instanceof VirtainerAgent agent ? Optional.of(agent) : Optional.empty();
    }

    /** Whether a build that asks for this label, or for none, may run on it. */
    public boolean serves(@CheckForNull Label label) {
        return label == null ? getMode() == Node.Mode.NORMAL : label.matches(getAssignedLabels());
    }

    /** Whether what waits may run on it, once it is there. */
    public boolean serves(Queue.Item item) {
        return serves(item.getAssignedLabel()) && refusal(item.task).isEmpty();
    }

    private Optional<CauseOfBlockage> refusal(Queue.Task task) {
        // With what a pipeline said of its machine, who knows its label would have its secrets.
        if (build != null && !Builds.idOf(task).equals(Optional.of(build))) {
            return Optional.of(CauseOfBlockage.fromMessage(Messages._VirtainerAgent_ofAnother(getDisplayName())));
        }
        return VirtainerCloud.find(cloudName)
                .flatMap(cloud -> Admission.refusal(cloud, task))
                .map(why -> CauseOfBlockage.fromMessage(Messages._VirtainerAgent_refused(why)));
    }

    /** What it takes of its host. */
    public Claim claim() {
        return new Claim(getNodeName(), cloudName, templateId, hostUri, cpus, MemorySize.parse(memory));
    }

    public Ownership ownership() {
        return Ownership.ofAgent(owner, cloudName, getNodeName());
    }

    /** Why its machine is not this Jenkins', in a sentence; empty where it is. */
    public Optional<String> whyAnothers() {
        return Installation.get().owns(owner)
                ? Optional.empty()
                : Optional.of("The machine of %s on %s is another Jenkins': this one's home is a copy."
                        .formatted(getNodeName(), hostUri));
    }

    public String getCloudName() {
        return cloudName;
    }

    /** The key of its template. */
    public String templateId() {
        return templateId;
    }

    /** The template that it is of, as it is configured now; empty when that is gone. */
    public Optional<VirtainerTemplate> template() {
        return VirtainerCloud.find(cloudName).flatMap(cloud -> cloud.template(templateId));
    }

    /** What its template was called when it was made. */
    public String getTemplateName() {
        return templateName;
    }

    public String getHostUri() {
        return hostUri;
    }

    /** The host of its machine: as it is configured now, or as it was if it no longer is. */
    public VirtainerHost host() {
        return VirtainerCloud.find(cloudName)
                .flatMap(cloud -> cloud.host(hostUri))
                .orElseGet(() -> {
                    VirtainerHost host = new VirtainerHost(hostUri);
                    host.setCredentialsId(hostCredentialsId);
                    return host;
                });
    }

    public String getImage() {
        return image;
    }

    /** What starts Java in its guest; empty to take what is found there. */
    Optional<String> javaPath() {
        return Optional.ofNullable(javaPath);
    }

    Optional<String> jvmOptions() {
        return Optional.ofNullable(jvmOptions);
    }

    Optional<String> credentialsId() {
        return Optional.ofNullable(credentialsId);
    }

    java.time.Duration bootTimeout() {
        return java.time.Duration.ofSeconds(bootTimeoutSeconds);
    }

    /** Whether another machine will have its disk, so that this one must be shut down, not merely ended. */
    public boolean keepsDisk() {
        return keepsDisk;
    }

    /** Whether its machine has a screen to be seen. */
    public boolean hasScreen() {
        return screen;
    }

    public Instant since() {
        return Instant.ofEpochMilli(createdMillis);
    }

    /** The key that was made for this agent alone, unless a credential is used. */
    Optional<SshKeyPair> oneTimeKey() {
        return oneTimeKey == null || oneTimePublicKey == null
                ? Optional.empty()
                : Optional.of(new SshKeyPair(oneTimePublicKey, oneTimeKey.getPlainText()));
    }

    /** The container that its machine runs in, once there is one. */
    public Optional<String> container() {
        return Optional.ofNullable(container);
    }

    /** How its boot went, once it is over. */
    public List<BootStep> bootSteps() {
        List<BootStep> steps = bootSteps;
        return steps == null ? List.of() : List.copyOf(steps);
    }

    /** Whether it was connected once: its machine then holds builds, and is not made anew. */
    public boolean wasEverOnline() {
        return everOnline;
    }

    /** Whether it was there before this start of the controller. */
    public boolean wasLoaded() {
        return !fresh;
    }

    void created(String containerId) {
        container = containerId;
        saveQuietly();
    }

    void online(List<BootStep> steps) {
        if (!everOnline) {
            everOnline = true;
            bootSteps = new ArrayList<>(steps);
            saveQuietly();
        }
    }

    /** A build begins. */
    void takeBuild() {
        synchronized (this) {
            buildsTaken++;
            buildsRunning++;
        }
        saveQuietly();
    }

    /** A build that it took before a restart goes on. */
    synchronized void resumeBuild() {
        buildsRunning++;
    }

    synchronized void finishBuild() {
        buildsRunning--;
    }

    private synchronized int buildsTaken() {
        return buildsTaken;
    }

    /** Whether it has taken all the builds that it may. */
    public boolean isSpent() {
        return maxBuilds > 0 && buildsTaken() >= maxBuilds;
    }

    /** Whether somebody marked it offline: no build comes to it. */
    public boolean isSetAside() {
        return getTemporaryOfflineCause() != null;
    }

    /** Whether it came up, and is away with its host: nobody knows whether it comes back. */
    public boolean isOutOfReach() {
        Computer computer = toComputer();
        return everOnline
                && (computer == null || computer.isOffline())
                && HostContacts.get().isSilent(hostUri);
    }

    public boolean isUnused() {
        return buildsTaken() == 0;
    }

    public OptionalInt maxBuilds() {
        return maxBuilds > 0 ? OptionalInt.of(maxBuilds) : OptionalInt.empty();
    }

    /** Whether nobody could use it yet. */
    public boolean isBooting() {
        // A build may begin as soon as the agent is connected, which is before its launch is over.
        Computer computer = toComputer();
        return !everOnline && !retiring && isUnused() && (computer == null || computer.isOffline());
    }

    public void askedForByHand() {
        byHand = true;
    }

    /** Whether it may be there although no build waits: it is kept ready for builds to come, or somebody asked for it. */
    public boolean isWantedReady() {
        return (byHand && isBooting()) || Readiness.keeps(this);
    }

    public boolean isRetiring() {
        return retiring;
    }

    private void saveQuietly() {
        try {
            // Not when it was removed meanwhile: it would be back after the next restart.
            Jenkins.get().updateNode(this);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Cannot save the node of agent " + getNodeName(), e);
        }
    }

    /**
     * Takes it away, machine first, in another thread: callable under the queue's lock.
     *
     * @param why for the log
     */
    public void retire(String why) {
        synchronized (this) {
            if (retiring) {
                return;
            }
            retiring = true;
        }
        LOGGER.log(Level.FINE, "Retiring agent {0}: {1}", new Object[] {getNodeName(), why});
        if (toComputer() instanceof VirtainerComputer computer) {
            computer.setAcceptingTasks(false);
        }
        Computer.threadPoolForRemoting.submit(() -> {
            try {
                terminate();
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "Cannot take agent " + getNodeName() + " away", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Removes the machine, now or, when its host is away, as soon as that is back. */
    @Override
    protected void _terminate(TaskListener listener) {
        retiring = true;
        if (toComputer() instanceof VirtainerComputer computer) {
            computer.abortLaunch();
        }
        Disposals.get().dispose(claim(), host(), keepsDisk, listener);
    }

    /** Builds beyond what it may take go elsewhere; one that it had before a restart comes back to it. */
    @Override
    public CauseOfBlockage canTake(Queue.BuildableItem item) {
        if (item.task instanceof ContinuedTask continued && continued.isContinued()) {
            return super.canTake(item);
        }
        if (retiring || isFull()) {
            return CauseOfBlockage.fromMessage(Messages._VirtainerAgent_full(getDisplayName()));
        }
        return refusal(item.task).orElseGet(() -> super.canTake(item));
    }

    private boolean isFull() {
        if (maxBuilds <= 0) {
            return false;
        }
        Computer computer = toComputer();
        int busy = computer == null ? 0 : computer.countBusy();
        synchronized (this) {
            // Builds that were given an executor and have not begun there.
            int coming = Math.max(0, busy - buildsRunning);
            return buildsTaken + coming >= maxBuilds;
        }
    }

    /** Agents that were there before this start have their places still. */
    @Extension
    public static class Claims implements ClaimSource {
        @Override
        public List<Claim> claims() {
            return all().map(VirtainerAgent::claim).toList();
        }
    }

    @Extension
    public static class DescriptorImpl extends SlaveDescriptor {
        @NonNull
        @Override
        public String getDisplayName() {
            return "Virtainer";
        }

        @Override
        public boolean isInstantiable() {
            return false;
        }
    }
}
