package io.jenkins.plugins.virtainers.agent;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Descriptor;
import hudson.model.Node;
import hudson.slaves.NodeProvisioner;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.fleet.Claim;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Makes the objects that stand for an agent. Other plugins may want them to know more; the first kind is used. */
public interface AgentKind extends ExtensionPoint {
    /** The node of an agent. */
    VirtainerAgent agent(Claim claim, VirtainerTemplate template, Optional<SshKeyPair> key)
            throws Descriptor.FormException, IOException;

    /** What says that the node will come. It is complete from the start, for the launcher makes the machine. */
    NodeProvisioner.PlannedNode plan(VirtainerAgent agent);

    static AgentKind current() {
        return ExtensionList.lookup(AgentKind.class).iterator().next();
    }

    /** Knows nothing more. */
    @Extension(ordinal = -100)
    final class Plain implements AgentKind {
        @Override
        public VirtainerAgent agent(Claim claim, VirtainerTemplate template, Optional<SshKeyPair> key)
                throws Descriptor.FormException, IOException {
            return new VirtainerAgent(claim, template, key);
        }

        @Override
        public NodeProvisioner.PlannedNode plan(VirtainerAgent agent) {
            CompletableFuture<Node> complete = CompletableFuture.completedFuture(agent);
            return new NodeProvisioner.PlannedNode(agent.getNodeName(), complete, agent.getNumExecutors());
        }
    }
}
