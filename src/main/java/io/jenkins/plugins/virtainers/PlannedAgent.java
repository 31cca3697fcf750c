package io.jenkins.plugins.virtainers;

import hudson.model.Node;
import hudson.slaves.NodeProvisioner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** Says to Jenkins that an agent will come; it is complete from the start, for its launcher makes its machine. */
final class PlannedAgent {
    private PlannedAgent() {}

    static NodeProvisioner.PlannedNode of(VirtainerAgent agent) {
        Future<Node> complete = CompletableFuture.completedFuture(agent);
        return new NodeProvisioner.PlannedNode(agent.getNodeName(), complete, agent.getNumExecutors());
    }
}
