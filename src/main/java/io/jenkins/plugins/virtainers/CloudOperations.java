package io.jenkins.plugins.virtainers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Label;
import hudson.slaves.NodeProvisioner;
import java.time.Duration;
import java.util.Collection;

/**
 * What is done in a cloud while it runs. Whoever knows how implements this; what is configured knows nobody above it.
 * There is one implementation.
 */
public interface CloudOperations extends ExtensionPoint {
    static CloudOperations get() {
        return ExtensionList.lookupSingleton(CloudOperations.class);
    }

    /**
     * Makes agents for a label, as far as caps, room and pauses allow. They have no node yet.
     *
     * @param label or null for builds without one
     * @param executors wanted in all
     */
    Collection<NodeProvisioner.PlannedNode> provision(VirtainerCloud cloud, @CheckForNull Label label, int executors);

    /**
     * Makes an agent of a template that nobody waits for.
     *
     * @return the name of its node
     * @throws hudson.model.Failure with the sentence that says why there is none
     */
    String addAgent(VirtainerCloud cloud, VirtainerTemplate template);

    /** Makes no new agents for a while. Those that are there stay. */
    void disable(VirtainerCloud cloud, Duration duration, String reason);

    /** Makes new agents again. */
    void enable(VirtainerCloud cloud);
}
