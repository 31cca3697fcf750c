package io.jenkins.plugins.virtainers.agent;

import hudson.Extension;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.TaskListener;
import io.jenkins.plugins.virtainers.cleanup.Disposals;
import io.jenkins.plugins.virtainers.fleet.Reviews;
import jenkins.model.NodeListener;

/** A node may go without anybody having asked its agent to. */
@Extension
public class NodeDeletion extends NodeListener {
    @Override
    protected void onDeleted(Node node) {
        if (!(node instanceof VirtainerAgent agent)) {
            return;
        }
        if (!agent.isRetiring()) {
            Computer.threadPoolForRemoting.submit(
                    () -> Disposals.get().dispose(agent.claim(), agent.host(), agent.keepsDisk(), TaskListener.NULL));
        }
        Reviews.get().soon();
    }
}
