package org.jenkinsci.plugins.cloudstats;

public final class ProvisioningActivity
        implements hudson.model.ModelObject,
                java.lang.Comparable<org.jenkinsci.plugins.cloudstats.ProvisioningActivity> {
    public java.lang.String getDisplayName() {
        throw new UnsupportedOperationException();
    }

    public int compareTo(org.jenkinsci.plugins.cloudstats.ProvisioningActivity p0) {
        throw new UnsupportedOperationException();
    }

    public static final class Id implements java.io.Serializable {
        public Id(java.lang.String p0, java.lang.String p1, java.lang.String p2) {}
    }
}
