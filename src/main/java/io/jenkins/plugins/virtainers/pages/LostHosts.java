package io.jenkins.plugins.virtainers.pages;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import io.jenkins.plugins.virtainers.cleanup.Disposals;
import io.jenkins.plugins.virtainers.fleet.ClockTime;
import io.jenkins.plugins.virtainers.fleet.HostContacts;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** Tells administrators of hosts that stay away, and asks whether they are gone for good. */
@Extension
public class LostHosts extends AdministrativeMonitor {
    private static final Logger LOGGER = Logger.getLogger(LostHosts.class.getName());

    /**
     * A host that stays away.
     *
     * @param uri its address
     * @param since when it did not answer first
     * @param reason why
     * @param machines that are still to be removed from it
     */
    public record Lost(String uri, String since, String reason, long machines) {
        public String getUri() {
            return uri;
        }

        public String getSince() {
            return since;
        }

        public String getReason() {
            return reason;
        }

        public long getMachines() {
            return machines;
        }
    }

    @Override
    public String getDisplayName() {
        return "Container hosts of virtainers that do not answer";
    }

    @Override
    public boolean isActivated() {
        return !HostContacts.get().lost().isEmpty();
    }

    public List<Lost> getLost() {
        Map<String, Long> machines = Disposals.get().pending().stream()
                .collect(Collectors.groupingBy(disposal -> disposal.claim().host(), Collectors.counting()));
        return HostContacts.get().lost().entrySet().stream()
                .map(lost -> new Lost(
                        lost.getKey(),
                        ClockTime.withDate(lost.getValue().since()),
                        lost.getValue().reason(),
                        machines.getOrDefault(lost.getKey(), 0L)))
                .toList();
    }

    /** Somebody knows that a host is gone: nothing is to be removed from it any more. */
    @RequirePOST
    public HttpResponse doForget(@QueryParameter String uri) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        List<String> agents = Disposals.get().forget(uri);
        LOGGER.log(Level.INFO, "{0} is gone, and with it the machines of {1}", new Object[] {uri, agents});
        return HttpResponses.redirectViaContextPath("manage");
    }
}
