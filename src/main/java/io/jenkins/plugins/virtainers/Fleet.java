package io.jenkins.plugins.virtainers;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Descriptor;
import hudson.model.Label;
import hudson.model.Node;
import io.jenkins.plugins.virtainers.engine.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.VirtainerException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * All that lasts longer than a configuration and shorter than this Jenkins: which agents there are and what they take of
 * which host, what is paused, what went wrong lately, and the engines in use. One for each controller; safe for use by
 * several threads.
 */
@Extension
public class Fleet {
    private static final Logger LOGGER = Logger.getLogger(Fleet.class.getName());

    private final Ledger ledger = new Ledger();
    private final Pauses pauses = new Pauses(Clock.systemUTC());
    private final Mishaps mishaps = new Mishaps(Clock.systemUTC());
    private final Engines engines = new Engines();
    private final BuildLogs buildLogs = new BuildLogs();
    private final PipelineTemplates pipelineTemplates = new PipelineTemplates();
    private boolean counted;

    public static Fleet get() {
        return ExtensionList.lookupSingleton(Fleet.class);
    }

    /** Every cloud of ours, in the order of the configuration. */
    static List<VirtainerCloud> clouds() {
        return Jenkins.get().clouds.getAll(VirtainerCloud.class);
    }

    static Optional<VirtainerCloud> cloud(String name) {
        return clouds().stream().filter(cloud -> cloud.name.equals(name)).findFirst();
    }

    /** Every agent of ours that has a node. */
    static Stream<VirtainerAgent> agents() {
        return Jenkins.get().getNodes().stream()
                .filter(VirtainerAgent.class::isInstance)
                .map(VirtainerAgent.class::cast);
    }

    /** Whose everything is that this controller makes. */
    static String owner() {
        return "jenkins-" + Jenkins.get().getLegacyInstanceId();
    }

    /** Templates that running pipelines bring along. */
    public PipelineTemplates pipelineTemplates() {
        return pipelineTemplates;
    }

    Pauses pauses() {
        return pauses;
    }

    Mishaps mishaps() {
        return mishaps;
    }

    BuildLogs buildLogs() {
        return buildLogs;
    }

    Engines engines() {
        return engines;
    }

    /** Claims of all agents, those counted that were there before this start. */
    synchronized Ledger ledger() {
        if (!counted) {
            counted = true;
            agents().forEach(agent -> ledger.enter(agent.claim()));
            Disposals.get().pending().forEach(disposal -> ledger.enter(disposal.claim()));
        }
        return ledger;
    }

    /**
     * Makes agents, as far as caps, room and pauses allow: each with its place on a host, none with a node yet.
     *
     * @param label that they are wanted for, or null
     * @param executors wanted in all
     */
    List<VirtainerAgent> enlist(VirtainerCloud cloud, @CheckForNull Label label, int executors) {
        List<VirtainerAgent> enlisted = new ArrayList<>();
        int missing = executors;
        for (VirtainerTemplate template : cloud.serving(label)) {
            while (missing > 0) {
                Optional<VirtainerAgent> agent = enlist(cloud, template, label);
                if (agent.isEmpty()) {
                    break;
                }
                enlisted.add(agent.get());
                missing -= agent.get().getNumExecutors();
            }
        }
        return enlisted;
    }

    /** Makes one agent of a template, or tells who waits why not. */
    Optional<VirtainerAgent> enlist(VirtainerCloud cloud, VirtainerTemplate template, @CheckForNull Label label) {
        Enlistment enlistment = tryToEnlist(cloud, template);
        if (enlistment.agent().isEmpty()) {
            LOGGER.log(Level.FINE, "No new agent of {0} in {1}: {2}", new Object[] {
                template, cloud.name, enlistment.reason()
            });
            buildLogs.tell(label, enlistment.reason());
        }
        return enlistment.agent();
    }

    /**
     * What came of asking for an agent.
     *
     * @param agent if there is one
     * @param reason a sentence for people if there is none
     */
    record Enlistment(Optional<VirtainerAgent> agent, String reason) {
        static Enlistment refused(String reason) {
            return new Enlistment(Optional.empty(), reason);
        }
    }

    Enlistment tryToEnlist(VirtainerCloud cloud, VirtainerTemplate template) {
        if (Jenkins.get().isQuietingDown()) {
            return Enlistment.refused("Jenkins is going to shut down.");
        }
        if (pipelineTemplates.of(cloud.name).contains(template)) {
            // The policy may have changed since the pipeline brought it.
            Optional<String> refusal = cloud.refusal(template);
            if (refusal.isPresent()) {
                return Enlistment.refused(refusal.get());
            }
        }
        Optional<Pauses.Pause> pause =
                pauses.ofCloud(cloud.name).or(() -> pauses.ofTemplate(cloud.name, template.displayName()));
        if (pause.isPresent()) {
            return Enlistment.refused("No new agents until %s: %s"
                    .formatted(ClockTime.of(pause.get().until()), pause.get().reason()));
        }
        List<HostOffer> working = new ArrayList<>();
        String lastPause = "";
        for (VirtainerHost host : cloud.usableHosts()) {
            Optional<Pauses.Pause> ofHost = pauses.ofHost(host.getUri());
            if (ofHost.isPresent()) {
                lastPause = " %s is left alone until %s: %s"
                        .formatted(
                                host.getUri(),
                                ClockTime.of(ofHost.get().until()),
                                ofHost.get().reason());
            } else {
                try {
                    working.add(host.offer(engines.memory(host.getUri())));
                } catch (InvalidSpecException e) {
                    lastPause = " %s is not configured well: %s".formatted(host.getUri(), e.getMessage());
                }
            }
        }
        if (working.isEmpty()) {
            return Enlistment.refused("No host of cloud %s works at the moment.%s".formatted(cloud.name, lastPause));
        }
        return enlistOn(working, cloud, template);
    }

    private Enlistment enlistOn(List<HostOffer> hosts, VirtainerCloud cloud, VirtainerTemplate template) {
        String name = AgentName.of(template);
        try {
            Ledger.Answer answer = ledger().claim(
                            new Ledger.Wish(
                                    name,
                                    cloud.name,
                                    cloud.cap(),
                                    template.displayName(),
                                    template.cap(),
                                    template.wantedCpus(),
                                    template.wantedMemory()),
                            hosts);
            if (answer instanceof Ledger.Answer.Refused refused) {
                return Enlistment.refused(refused.reason());
            }
            return new Enlistment(
                    Optional.of(VirtainerAgent.of(((Ledger.Answer.Granted) answer).claim(), template)), "");
        } catch (VirtainerException | IOException | Descriptor.FormException e) {
            ledger().release(name);
            pauses.templateFailed(cloud.name, template.displayName(), e.getMessage());
            mishaps.add(cloud.name, name, template.displayName(), "", e.getMessage());
            return Enlistment.refused(e.getMessage());
        }
    }

    /** An agent and its machine are gone: what they took is free, and somebody may be waiting for it. */
    void released(String agent) {
        ledger().release(agent);
        Provisioning.get().reviewAll();
    }

    /** Whether a node of this name is one of ours. */
    static Optional<VirtainerAgent> agent(String name) {
        Node node = Jenkins.get().getNode(name);
        return node instanceof VirtainerAgent agent ? Optional.of(agent) : Optional.empty();
    }
}
