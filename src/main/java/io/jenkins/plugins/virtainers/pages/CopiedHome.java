package io.jenkins.plugins.virtainers.pages;

import hudson.Extension;
import hudson.model.AdministrativeMonitor;
import io.jenkins.plugins.virtainers.fleet.Installation;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.interceptor.RequirePOST;

/** Asks administrators whose the machines are of the Jenkins that this one's home was copied from. */
@Extension
public class CopiedHome extends AdministrativeMonitor {
    @Override
    public String getDisplayName() {
        return "Virtainers of the Jenkins that this home was copied from";
    }

    @Override
    public boolean isActivated() {
        return !Installation.get().formers().isEmpty();
    }

    /** Where the home was. */
    public List<String> getHomes() {
        return Installation.get().formers().stream()
                .map(Installation.Former::home)
                .distinct()
                .toList();
    }

    /** Nobody else has them: they are removed as this one's own are. */
    @RequirePOST
    public HttpResponse doTakeOver() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        Installation.get().takeOver();
        return HttpResponses.redirectViaContextPath("manage");
    }

    /** Another Jenkins has them. */
    @RequirePOST
    public HttpResponse doLeave() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        Installation.get().leave();
        return HttpResponses.redirectViaContextPath("manage");
    }
}
