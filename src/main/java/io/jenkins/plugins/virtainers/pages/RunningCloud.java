package io.jenkins.plugins.virtainers.pages;

import hudson.Extension;
import hudson.model.Computer;
import hudson.util.FormValidation;
import io.jenkins.plugins.virtainers.CloudView;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.VirtainerHost;
import io.jenkins.plugins.virtainers.agent.VirtainerAgent;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import io.jenkins.plugins.virtainers.fleet.ClockTime;
import io.jenkins.plugins.virtainers.fleet.Engines;
import io.jenkins.plugins.virtainers.fleet.HostOffer;
import io.jenkins.plugins.virtainers.fleet.Ledger;
import io.jenkins.plugins.virtainers.fleet.Mishaps;
import io.jenkins.plugins.virtainers.fleet.Pauses;
import io.jenkins.plugins.virtainers.status.AgentStatus;
import io.jenkins.plugins.virtainers.status.HostStatus;
import io.jenkins.plugins.virtainers.status.Mishap;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Shows how clouds are doing. */
@Extension
public final class RunningCloud implements CloudView {
    @Override
    public List<HostStatus> hosts(VirtainerCloud cloud) {
        return cloud.usableHosts().stream().map(RunningCloud::status).toList();
    }

    private static HostStatus status(VirtainerHost host) {
        Optional<HostInfo> info = Engines.get().lastSeen(host.getUri());
        Optional<HostOffer> offer = offer(host, info);
        return new HostStatus(
                host.getUri(),
                info,
                offer.map(Ledger.get()::use).map(RunningCloud::share).orElse(HostStatus.Share.UNKNOWN),
                offer.map(most -> new HostStatus.Share(most.agents(), most.cpus(), most.memory()))
                        .orElse(HostStatus.Share.UNKNOWN),
                Pauses.get()
                        .ofHost(host.getUri())
                        .map(pause ->
                                "Left alone until %s: %s".formatted(ClockTime.of(pause.until()), pause.reason())));
    }

    /** What it has, unless its configuration makes no sense. */
    private static Optional<HostOffer> offer(VirtainerHost host, Optional<HostInfo> info) {
        try {
            return Optional.of(HostOffer.of(host, info));
        } catch (InvalidSpecException e) {
            return Optional.empty();
        }
    }

    private static HostStatus.Share share(Ledger.Use use) {
        return new HostStatus.Share(
                OptionalInt.of(use.agents()),
                OptionalInt.of(use.cpus()),
                use.megabytes() == 0 ? Optional.empty() : Optional.of(MemorySize.ofMegabytes(use.megabytes())));
    }

    @Override
    public List<AgentStatus> agents(VirtainerCloud cloud) {
        return VirtainerAgent.all()
                .filter(agent -> agent.getCloudName().equals(cloud.name))
                .sorted(Comparator.comparing(VirtainerAgent::since))
                .map(agent -> new AgentStatus(
                        agent.getNodeName(),
                        agent.getTemplateName(),
                        agent.getHostUri(),
                        agent.since(),
                        stateOf(agent)))
                .toList();
    }

    private static String stateOf(VirtainerAgent agent) {
        Computer computer = agent.toComputer();
        if (agent.isRetiring()) {
            return "leaving";
        }
        if (agent.isBooting()) {
            return "booting";
        }
        if (computer == null || computer.isOffline()) {
            return "offline";
        }
        return computer.isIdle() ? "idle" : "building";
    }

    @Override
    public List<Mishap> failures(VirtainerCloud cloud) {
        return Mishaps.get().of(cloud.name);
    }

    @Override
    public Optional<String> paused(VirtainerCloud cloud) {
        return Pauses.get()
                .ofCloud(cloud.name)
                .map(pause -> "No new agents until %s: %s".formatted(ClockTime.of(pause.until()), pause.reason()));
    }

    @Override
    public FormValidation test(VirtainerHost host) {
        return new ConnectionTest(host).run();
    }
}
