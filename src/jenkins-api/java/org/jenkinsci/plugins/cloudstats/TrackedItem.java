package org.jenkinsci.plugins.cloudstats;

public interface TrackedItem {
    org.jenkinsci.plugins.cloudstats.ProvisioningActivity.Id getId();
}
