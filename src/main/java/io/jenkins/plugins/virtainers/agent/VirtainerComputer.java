package io.jenkins.plugins.virtainers.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Computer;
import hudson.remoting.Channel;
import hudson.security.ACL;
import hudson.security.Permission;
import hudson.slaves.AbstractCloudComputer;
import hudson.slaves.OfflineCause;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.kohsuke.stapler.export.Exported;
import org.springframework.security.core.Authentication;

/** The running side of an agent. */
public class VirtainerComputer extends AbstractCloudComputer<VirtainerAgent> {
    private transient volatile Thread launch;
    private transient volatile BootReport report;
    private transient volatile Instant launched = Instant.EPOCH;
    private transient volatile boolean agentWaited;

    VirtainerComputer(VirtainerAgent agent) {
        super(agent);
    }

    /** A thread launches the agent from here on, until it is done. */
    void launching(Thread thread) {
        launch = thread;
    }

    /** Nobody launches the agent any more. */
    void launched() {
        synchronized (this) {
            launched = Instant.now();
            launch = null;
        }
    }

    /** When its last launch was over; empty while one is under way. */
    Optional<Instant> launchEnded() {
        return launch == null ? Optional.of(launched) : Optional.empty();
    }

    /** @param waited whether the agent that is about to be connected waited in the machine's template */
    void connecting(boolean waited) {
        agentWaited = waited;
    }

    @Override
    public void setChannel(
            @NonNull Channel channel, @CheckForNull OutputStream launchLog, @CheckForNull Channel.Listener listener)
            throws IOException, InterruptedException {
        if (agentWaited) {
            AgentClasses.sendAhead(channel);
        }
        super.setChannel(channel, launchLog, listener);
    }

    /** Tells how the launch goes that is under way. */
    void report(BootReport current) {
        report = current;
    }

    /** Ends a launch that is under way; whatever it had made is removed. */
    void abortLaunch() {
        synchronized (this) {
            if (launch != null && launch != Thread.currentThread()) {
                launch.interrupt();
            }
        }
    }

    /** Its settings are its template's: changing them on a machine that exists would only look like it. */
    @Override
    public ACL getACL() {
        ACL base = super.getACL();
        return new ACL() {
            @Override
            public boolean hasPermission2(Authentication who, Permission permission) {
                return !Computer.CONFIGURE.equals(permission) && base.hasPermission2(who, permission);
            }
        };
    }

    /** Says why the agent is gone, in words that are shown as text. */
    public static final class Gone extends OfflineCause.SimpleOfflineCause {
        public Gone(String sentence) {
            super(Messages._VirtainerComputer_gone(hudson.Util.escape(sentence)));
        }
    }

    private boolean mayLook() {
        return hasPermission(Computer.EXTENDED_READ);
    }

    @CheckForNull
    @Exported
    public String getCloud() {
        VirtainerAgent agent = getNode();
        return agent == null ? null : agent.getCloudName();
    }

    @CheckForNull
    @Exported
    public String getTemplate() {
        VirtainerAgent agent = getNode();
        return agent == null ? null : agent.getTemplateName();
    }

    @CheckForNull
    @Exported
    public String getImage() {
        VirtainerAgent agent = getNode();
        return agent == null ? null : agent.getImage();
    }

    /** The address of the host; for those who may look closely. */
    @CheckForNull
    @Exported
    public String getHost() {
        VirtainerAgent agent = getNode();
        return agent == null || !mayLook() ? null : agent.getHostUri();
    }

    /** The name of the container, which is the agent's; for those who may look closely. */
    @CheckForNull
    @Exported
    public String getContainer() {
        VirtainerAgent agent = getNode();
        return agent == null || !mayLook() || agent.container().isEmpty() ? null : agent.getNodeName();
    }

    @CheckForNull
    @Exported
    public String getContainerId() {
        VirtainerAgent agent = getNode();
        return agent == null || !mayLook() ? null : agent.container().orElse(null);
    }

    /** How the boot went, or goes, step by step. */
    @Exported
    public List<BootStep> getBootSteps() {
        VirtainerAgent agent = getNode();
        if (agent == null || !mayLook()) {
            return List.of();
        }
        BootReport current = report;
        return agent.wasEverOnline() || current == null ? agent.bootSteps() : current.steps();
    }
}
