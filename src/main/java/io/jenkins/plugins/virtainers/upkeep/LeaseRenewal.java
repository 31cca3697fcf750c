package io.jenkins.plugins.virtainers.upkeep;

import hudson.Extension;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.agent.VirtainerAgent;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.fleet.Engines;
import io.jenkins.plugins.virtainers.fleet.HostContacts;
import io.jenkins.plugins.virtainers.fleet.HostRounds;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Tells the machines of all agents that they are still wanted. A machine that nobody tells so ends by itself. */
@Extension
public class LeaseRenewal extends AsyncPeriodicWork {
    private static final Logger LOGGER = Logger.getLogger(LeaseRenewal.class.getName());
    /** A few renewals may fail before a lease ends. */
    private static final int TURNS_PER_LEASE = 6;

    private final HostRounds rounds = new HostRounds("Renewal of leases");

    public LeaseRenewal() {
        super("Virtainers: renewal of leases");
    }

    @Override
    public long getRecurrencePeriod() {
        return VirtainerTemplate.LEASE.dividedBy(TURNS_PER_LEASE).toMillis();
    }

    @Override
    public long getInitialDelay() {
        // After a restart that took long, the first renewal is urgent.
        return MIN / 6;
    }

    @Override
    protected Level getNormalLoggingLevel() {
        return Level.FINE;
    }

    @Override
    protected void execute(TaskListener listener) throws InterruptedException {
        renew();
    }

    /** Does it once. */
    public void renew() throws InterruptedException {
        rounds.run(
                VirtainerAgent.all()
                        .filter(agent ->
                                !agent.isRetiring() && agent.whyAnothers().isEmpty()),
                VirtainerAgent::getHostUri,
                LeaseRenewal::renewAll);
    }

    private static void renewAll(List<VirtainerAgent> agents) throws InterruptedException {
        for (VirtainerAgent agent : agents) {
            if (!renew(agent)) {
                return;
            }
        }
    }

    /** Whether the host answers. */
    private static boolean renew(VirtainerAgent agent) throws InterruptedException {
        Optional<String> container = agent.container();
        if (container.isEmpty()) {
            return true;
        }
        try {
            Engines.get().of(agent.host()).renewLease(new ContainerId(container.get()));
            HostContacts.get().answered(agent.getHostUri());
            return true;
        } catch (VirtainerException e) {
            HostContacts.get().failed(agent.getHostUri(), e);
            LOGGER.log(
                    Level.FINE, "Cannot renew the lease of {0}: {1}", new Object[] {agent.getNodeName(), e.getMessage()
                    });
            return !e.failure().isOfHostAway();
        }
    }
}
