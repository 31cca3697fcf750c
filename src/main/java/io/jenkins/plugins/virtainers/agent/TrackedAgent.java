package io.jenkins.plugins.virtainers.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Descriptor;
import hudson.model.Node;
import hudson.slaves.AbstractCloudComputer;
import hudson.slaves.NodeProvisioner;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.fleet.Claim;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jenkinsci.plugins.cloudstats.ProvisioningActivity;
import org.jenkinsci.plugins.cloudstats.TrackedItem;
import org.jenkinsci.plugins.cloudstats.TrackedPlannedNode;
import org.jenkinsci.plugins.variant.OptionalExtension;

/** An agent that the Cloud Statistics plugin follows. */
public class TrackedAgent extends VirtainerAgent implements TrackedItem {
    private static final long serialVersionUID = 1L;

    private final ProvisioningActivity.Id id;

    TrackedAgent(Claim claim, VirtainerTemplate template, Optional<SshKeyPair> key)
            throws Descriptor.FormException, IOException {
        super(claim, template, key);
        this.id = new ProvisioningActivity.Id(claim.cloud(), template.displayName(), claim.agent());
    }

    @NonNull
    @Override
    public ProvisioningActivity.Id getId() {
        return id;
    }

    @Override
    public AbstractCloudComputer<VirtainerAgent> createComputer() {
        return new TrackedComputer(this);
    }

    /** Its running side. */
    public static class TrackedComputer extends VirtainerComputer implements TrackedItem {
        private final ProvisioningActivity.Id id;

        TrackedComputer(TrackedAgent agent) {
            super(agent);
            this.id = agent.getId();
        }

        @NonNull
        @Override
        public ProvisioningActivity.Id getId() {
            return id;
        }
    }

    /** Makes agents of this kind where somebody follows them. */
    @OptionalExtension(requirePlugins = "cloud-stats")
    public static class Kind implements AgentKind {
        @Override
        public VirtainerAgent agent(Claim claim, VirtainerTemplate template, Optional<SshKeyPair> key)
                throws Descriptor.FormException, IOException {
            return new TrackedAgent(claim, template, key);
        }

        @Override
        public NodeProvisioner.PlannedNode plan(VirtainerAgent agent) {
            CompletableFuture<Node> complete = CompletableFuture.completedFuture(agent);
            return new TrackedPlannedNode(((TrackedAgent) agent).getId(), agent.getNumExecutors(), complete);
        }
    }
}
