package org.jenkinsci.plugins.cloudstats;

public class TrackedPlannedNode extends hudson.slaves.NodeProvisioner.PlannedNode
        implements org.jenkinsci.plugins.cloudstats.TrackedItem {
    public TrackedPlannedNode(
            org.jenkinsci.plugins.cloudstats.ProvisioningActivity.Id p0,
            int p1,
            java.util.concurrent.Future<hudson.model.Node> p2) {
        super((java.lang.String) null, (java.util.concurrent.Future) null, (int) 0);
    }

    public org.jenkinsci.plugins.cloudstats.ProvisioningActivity.Id getId() {
        throw new UnsupportedOperationException();
    }
}
