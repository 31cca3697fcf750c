package io.jenkins.plugins.virtainers.provisioning;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Label;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.fleet.Claim;

/**
 * Where an agent that has not been made yet has its place.
 *
 * @param template that it is to be of
 * @param claim that is entered for it
 */
record Place(VirtainerCloud cloud, VirtainerTemplate template, Claim claim) {
    int executors() {
        return template.slots();
    }

    boolean serves(@CheckForNull Label label) {
        return template.serves(label);
    }
}
