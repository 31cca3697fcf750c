package io.jenkins.plugins.virtainers.pages;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import io.jenkins.plugins.virtainers.agent.VirtainerAgent;
import io.jenkins.plugins.virtainers.agent.VirtainerComputer;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;

/** Gives each of our agents the pages of its guest: the console, and the screen where it has one. */
@Extension
public class GuestPages extends TransientActionFactory<VirtainerComputer> {
    @Override
    public Class<VirtainerComputer> type() {
        return VirtainerComputer.class;
    }

    @NonNull
    @Override
    public Collection<? extends Action> createFor(@NonNull VirtainerComputer computer) {
        VirtainerAgent agent = computer.getNode();
        return agent != null && agent.hasScreen()
                ? List.of(new GuestConsole(computer), new GuestPicture(computer))
                : List.of(new GuestConsole(computer));
    }
}
