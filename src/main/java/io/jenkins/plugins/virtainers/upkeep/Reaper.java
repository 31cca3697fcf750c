package io.jenkins.plugins.virtainers.upkeep;

import hudson.Extension;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.VirtainerHost;
import io.jenkins.plugins.virtainers.agent.VirtainerAgent;
import io.jenkins.plugins.virtainers.agent.VirtainerComputer;
import io.jenkins.plugins.virtainers.cleanup.Disposals;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.fleet.ClockTime;
import io.jenkins.plugins.virtainers.fleet.Engines;
import io.jenkins.plugins.virtainers.fleet.HostContacts;
import io.jenkins.plugins.virtainers.fleet.HostRounds;
import io.jenkins.plugins.virtainers.fleet.Installation;
import io.jenkins.plugins.virtainers.fleet.Ledger;
import io.jenkins.plugins.virtainers.fleet.Mishaps;
import io.jenkins.plugins.virtainers.waiting.BuildLogs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/**
 * Brings machines and nodes to agree: removes machines of this controller that have no node and have ended, which they do
 * when their lease is not renewed, and nodes whose machine is gone. Acts on nothing but a complete answer of the host, on
 * nothing of anybody else's, and on nothing that is younger than it takes to be entered everywhere.
 */
@Extension
public class Reaper extends AsyncPeriodicWork {
    private static final Logger LOGGER = Logger.getLogger(Reaper.class.getName());

    private static final Duration GRACE = Duration.ofMinutes(3);

    private final HostRounds rounds = new HostRounds("Reaper");

    public Reaper() {
        super("Virtainers: reaper");
    }

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.MINUTES.toMillis(2);
    }

    @Override
    public long getInitialDelay() {
        // Also learns how large the hosts are.
        return TimeUnit.SECONDS.toMillis(5);
    }

    @Override
    protected Level getNormalLoggingLevel() {
        return Level.FINE;
    }

    @Override
    protected void execute(TaskListener listener) throws InterruptedException {
        reap();
    }

    /**
     * Does it once.
     *
     * @return whether it was done on every host, and none was left out because it is busy with the last time
     */
    public boolean reap() throws InterruptedException {
        Map<String, VirtainerHost> hosts = new LinkedHashMap<>();
        for (VirtainerCloud cloud : VirtainerCloud.clouds()) {
            cloud.usableHosts().forEach(host -> hosts.putIfAbsent(host.getUri(), host));
        }
        giveUpWhatIsAnothers();
        boolean everywhere = rounds.run(hosts.values().stream(), VirtainerHost::getUri, host -> reap(host.get(0)));
        giveUpWhatIsLost();
        List<VirtainerHost> needed = new ArrayList<>(hosts.values());
        VirtainerAgent.all().map(agent -> new VirtainerHost(agent.getHostUri())).forEach(needed::add);
        Disposals.get()
                .pending()
                .forEach(disposal ->
                        needed.add(new VirtainerHost(disposal.claim().host())));
        Engines.get().keepOnly(needed);
        return everywhere;
    }

    private static void reap(VirtainerHost host) throws InterruptedException {
        try {
            reapOn(host);
            HostContacts.get().answered(host.getUri());
        } catch (VirtainerException e) {
            HostContacts.get().failed(host.getUri(), e);
            throw e;
        }
    }

    private static void reapOn(VirtainerHost host) throws InterruptedException {
        // Who has a machine must have had it before the machines were listed.
        List<VirtainerAgent> withMachine = VirtainerAgent.all()
                .filter(agent -> agent.getHostUri().equals(host.getUri()))
                .filter(agent -> agent.container().isPresent()
                        && !agent.isRetiring()
                        && agent.whyAnothers().isEmpty())
                .toList();
        Instant now = Engines.get().ask(host).time();
        VmEngine engine = Engines.get().of(host);
        List<Container> machines = new ArrayList<>();
        for (String owner : Installation.get().owners()) {
            machines.addAll(engine.list(Ownership.of(owner)));
        }
        for (Container machine : machines) {
            if (isOrphan(machine, now)) {
                LOGGER.log(Level.INFO, "Removing container {0} on {1}: it has no agent", new Object[] {
                    machine.name(), host.getUri()
                });
                engine.remove(machine.id());
            }
        }
        engine.sweepKeepers();
        Set<String> there =
                machines.stream().map(machine -> machine.id().value()).collect(Collectors.toSet());
        for (VirtainerAgent agent : withMachine) {
            if (!there.contains(agent.container().orElseThrow())) {
                buryIfGone(agent, engine);
            }
        }
    }

    /** The list may be older than its machine. */
    private static void buryIfGone(VirtainerAgent agent, VmEngine engine) throws InterruptedException {
        if (engine.host().inspect(agent.container().orElseThrow()).isEmpty()) {
            bury(agent, "The machine of %s is gone from %s.".formatted(agent.getNodeName(), agent.getHostUri()));
        }
    }

    private static boolean isOrphan(Container machine, Instant now) {
        Optional<String> agent = machine.label(Labels.AGENT);
        if (agent.isEmpty()) {
            return isForgottenHelper(machine, now);
        }
        // One that runs may be wanted by somebody of whom nothing is known here; else its lease ends, and it with that.
        return !machine.isRunning()
                && machine.created().plus(GRACE).isBefore(now)
                && !Ledger.get().holds(agent.get())
                && VirtainerAgent.find(agent.get()).isEmpty();
    }

    /** What is of no agent does one thing within its lease; who was killed meanwhile does not take it away. */
    private static boolean isForgottenHelper(Container helper, Instant now) {
        return helper.label(Labels.LEASE)
                .map(Long::valueOf)
                .filter(lease -> helper.created().plusSeconds(lease).plus(GRACE).isBefore(now))
                .isPresent();
    }

    /** Agents that came with a home that is a copy of another Jenkins'. */
    private static void giveUpWhatIsAnothers() {
        VirtainerAgent.all()
                .filter(agent -> !agent.isRetiring())
                .forEach(agent -> agent.whyAnothers().ifPresent(why -> bury(agent, why)));
    }

    /** Agents whose host has not answered for as long as their machines' leases last. */
    private static void giveUpWhatIsLost() {
        List<VirtainerAgent> agents =
                VirtainerAgent.all().filter(agent -> !agent.isRetiring()).toList();
        for (VirtainerAgent agent : agents) {
            HostContacts.get()
                    .loss(agent.getHostUri())
                    .ifPresent(loss -> bury(
                            agent,
                            "The host of %s has not answered since %s, longer than the lease of its machine, which has ended by itself."
                                    .formatted(agent.getNodeName(), ClockTime.of(loss.since()))));
        }
    }

    private static void bury(VirtainerAgent agent, String sentence) {
        Mishaps.get()
                .add(agent.getCloudName(), agent.getNodeName(), agent.getTemplateName(), agent.getHostUri(), sentence);
        if (agent.toComputer() instanceof VirtainerComputer computer) {
            BuildLogs.get().tellThoseOn(computer, sentence);
            computer.disconnect(new VirtainerComputer.Gone(sentence));
        }
        agent.retire(sentence);
    }
}
