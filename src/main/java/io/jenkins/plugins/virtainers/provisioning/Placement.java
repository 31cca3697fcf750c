package io.jenkins.plugins.virtainers.provisioning;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Descriptor;
import hudson.model.Label;
import io.jenkins.plugins.virtainers.PipelineTemplates;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.VirtainerHost;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.agent.AgentName;
import io.jenkins.plugins.virtainers.agent.VirtainerAgent;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.fleet.ClockTime;
import io.jenkins.plugins.virtainers.fleet.Engines;
import io.jenkins.plugins.virtainers.fleet.HostContacts;
import io.jenkins.plugins.virtainers.fleet.HostOffer;
import io.jenkins.plugins.virtainers.fleet.Ledger;
import io.jenkins.plugins.virtainers.fleet.Mishaps;
import io.jenkins.plugins.virtainers.fleet.Pauses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/**
 * Finds places for agents, as far as policy, caps, room and pauses allow, and makes the agents. Finding asks nobody and
 * writes nothing but the claim; making does.
 */
final class Placement {
    private static final Logger LOGGER = Logger.getLogger(Placement.class.getName());

    private Placement() {}

    /**
     * What came of asking for one.
     *
     * @param value if there is one
     * @param reason a sentence for people if there is none
     */
    record Outcome<T>(Optional<T> value, String reason) {
        static <T> Outcome<T> of(T value) {
            return new Outcome<>(Optional.of(value), "");
        }

        static <T> Outcome<T> refused(String reason) {
            return new Outcome<>(Optional.empty(), reason);
        }
    }

    /**
     * What was found for a label in a cloud.
     *
     * @param whyNotMore sentences for those who wait
     */
    record Found(List<Place> places, List<String> whyNotMore) {}

    /**
     * Finds places for agents of the templates that serve a label.
     *
     * @param label that they are wanted for, or null
     * @param executors wanted in all
     */
    static Found find(VirtainerCloud cloud, @CheckForNull Label label, int executors) {
        List<Place> places = new ArrayList<>();
        List<String> whyNotMore = new ArrayList<>();
        int missing = executors;
        for (VirtainerTemplate template : cloud.serving(label)) {
            while (missing > 0) {
                Outcome<Place> outcome = find(cloud, template);
                if (outcome.value().isEmpty()) {
                    LOGGER.log(Level.FINE, "No new agent of {0} in {1}: {2}", new Object[] {
                        template, cloud.name, outcome.reason()
                    });
                    whyNotMore.add(outcome.reason());
                    break;
                }
                places.add(outcome.value().get());
                missing -= outcome.value().get().executors();
            }
        }
        return new Found(places, whyNotMore);
    }

    /** Finds a place for one agent of a template, or says why there is none. */
    static Outcome<Place> find(VirtainerCloud cloud, VirtainerTemplate template) {
        if (Jenkins.get().isQuietingDown()) {
            return Outcome.refused("Jenkins is going to shut down.");
        }
        if (PipelineTemplates.get().of(cloud.name).contains(template)) {
            // The policy may have changed since the pipeline brought it.
            Optional<String> refusal = cloud.refusal(template);
            if (refusal.isPresent()) {
                return Outcome.refused(refusal.get());
            }
        }
        Pauses pauses = Pauses.get();
        Optional<Pauses.Pause> pause =
                pauses.ofCloud(cloud.name).or(() -> pauses.ofTemplate(cloud.name, template.key()));
        if (pause.isPresent()) {
            return Outcome.refused("No new agents until %s: %s"
                    .formatted(ClockTime.of(pause.get().until()), pause.get().reason()));
        }
        Hosts hosts = hosts(cloud);
        if (hosts.able().isEmpty()) {
            return Outcome.refused(
                    "No host of cloud %s works at the moment.%s".formatted(cloud.name, hosts.whyNotMore()));
        }
        return claim(hosts, cloud, template);
    }

    /**
     * The hosts of a cloud.
     *
     * @param able to take an agent, as far as is known
     * @param whyNotMore a sentence about one that is not, after a space; or empty
     */
    private record Hosts(List<HostOffer> able, String whyNotMore) {}

    private static Hosts hosts(VirtainerCloud cloud) {
        List<HostOffer> able = new ArrayList<>();
        List<HostOffer> silent = new ArrayList<>();
        String whyNotMore = "";
        for (VirtainerHost host : cloud.usableHosts()) {
            String uri = host.getUri();
            Optional<Pauses.Pause> pause = Pauses.get().ofHost(uri);
            Optional<HostContacts.Loss> loss = HostContacts.get().loss(uri);
            if (loss.isPresent()) {
                // Who looks whether it is back is the reaper.
                whyNotMore = " %s has not answered since %s: %s"
                        .formatted(
                                uri,
                                ClockTime.of(loss.get().since()),
                                loss.get().reason());
            } else if (pause.isPresent()) {
                whyNotMore = " %s is left alone until %s: %s"
                        .formatted(
                                uri,
                                ClockTime.of(pause.get().until()),
                                pause.get().reason());
            } else {
                try {
                    HostOffer offer = HostOffer.of(host, Engines.get().lastSeen(uri));
                    if (offer.memory().isEmpty()) {
                        Engines.get().getToKnow(host);
                        offer = offer.onTrial();
                        whyNotMore = " %s has not said yet how much memory it has, and takes one agent until then."
                                .formatted(uri);
                    }
                    (HostContacts.get().isSilent(uri) ? silent : able).add(offer);
                } catch (InvalidSpecException e) {
                    whyNotMore = " %s is not configured well: %s".formatted(uri, e.getMessage());
                }
            }
        }
        // Those that did not answer when they were last asked may be back, and come last.
        return new Hosts(able.isEmpty() ? silent : able, whyNotMore);
    }

    private static Outcome<Place> claim(Hosts hosts, VirtainerCloud cloud, VirtainerTemplate template) {
        String name = AgentName.of(template);
        try {
            Ledger.Answer answer = Ledger.get()
                    .claim(
                            new Ledger.Wish(
                                    name,
                                    cloud.name,
                                    cloud.cap(),
                                    template.key(),
                                    template.displayName(),
                                    template.cap(),
                                    template.wantedCpus(),
                                    template.wantedMemory()),
                            hosts.able());
            return answer instanceof Ledger.Answer.Granted granted
                    ? Outcome.of(new Place(cloud, template, granted.claim()))
                    : Outcome.refused(((Ledger.Answer.Refused) answer).reason() + hosts.whyNotMore());
        } catch (VirtainerException e) {
            return Outcome.refused(failed(cloud, template, name, e));
        }
    }

    /** Makes the agent of a place, which is given back when there can be none. It has no node yet. */
    static Outcome<VirtainerAgent> make(Place place) {
        try {
            return Outcome.of(VirtainerAgent.of(place.claim(), place.template()));
        } catch (RuntimeException | IOException | Descriptor.FormException e) {
            Ledger.get().release(place.claim().agent());
            return Outcome.refused(
                    failed(place.cloud(), place.template(), place.claim().agent(), e));
        }
    }

    private static String failed(VirtainerCloud cloud, VirtainerTemplate template, String name, Exception e) {
        Pauses.get().templateFailed(cloud.name, template.key(), e.getMessage());
        Mishaps.get().add(cloud.name, name, template.displayName(), "", e.getMessage());
        return e.getMessage();
    }
}
