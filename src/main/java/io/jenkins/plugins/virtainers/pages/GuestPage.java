package io.jenkins.plugins.virtainers.pages;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Action;
import hudson.model.Computer;
import io.jenkins.plugins.virtainers.agent.VirtainerComputer;
import org.kohsuke.stapler.StaplerProxy;

/** A page of an agent that shows its guest to those who may look closely, and to nobody else. */
public abstract class GuestPage implements Action, StaplerProxy {
    private final VirtainerComputer computer;
    private final String icon;

    GuestPage(VirtainerComputer computer, String icon) {
        this.computer = computer;
        this.icon = icon;
    }

    public VirtainerComputer getComputer() {
        return computer;
    }

    @CheckForNull
    @Override
    public String getIconFileName() {
        return computer.hasPermission(Computer.EXTENDED_READ) ? icon : null;
    }

    /** The same for everybody: without a name the page would be missing before anybody is told that it is forbidden. */
    @Override
    public abstract String getUrlName();

    /** Stands before the page and all that is under it. */
    @Override
    public Object getTarget() {
        computer.checkPermission(Computer.EXTENDED_READ);
        return this;
    }
}
