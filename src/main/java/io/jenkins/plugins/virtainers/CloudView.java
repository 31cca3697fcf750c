package io.jenkins.plugins.virtainers;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.util.FormValidation;
import io.jenkins.plugins.virtainers.status.AgentStatus;
import io.jenkins.plugins.virtainers.status.HostStatus;
import io.jenkins.plugins.virtainers.status.Mishap;
import java.util.List;
import java.util.Optional;

/** What is to be seen of a cloud while it runs, for its pages and the REST API. There is one implementation. */
public interface CloudView extends ExtensionPoint {
    static CloudView get() {
        return ExtensionList.lookupSingleton(CloudView.class);
    }

    List<HostStatus> hosts(VirtainerCloud cloud);

    /** The oldest first. */
    List<AgentStatus> agents(VirtainerCloud cloud);

    /** What went wrong lately, the latest first. */
    List<Mishap> failures(VirtainerCloud cloud);

    /** Why it makes no new agents at present, in a sentence. */
    Optional<String> paused(VirtainerCloud cloud);

    /** Looks at a host as it is configured, saved or not, and says what it finds. */
    FormValidation test(VirtainerHost host);
}
