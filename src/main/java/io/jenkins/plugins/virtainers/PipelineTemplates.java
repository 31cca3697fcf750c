package io.jenkins.plugins.virtainers;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Label;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Templates that running pipelines brought, for as long as they need them. Not persisted: a pipeline that resumes brings
 * its own again. Safe for use by several threads.
 */
@Extension
public final class PipelineTemplates {
    private final Map<String, List<Offer>> byCloud = new HashMap<>();

    public static PipelineTemplates get() {
        return ExtensionList.lookupSingleton(PipelineTemplates.class);
    }

    /**
     * A template that one build brought.
     *
     * @param build as {@code Run.getExternalizableId} has it
     */
    private record Offer(VirtainerTemplate template, String build) {}

    /**
     * Offers a template in a cloud, in place of one with the same key.
     *
     * @param template with a name and a label that nobody else has
     * @param build for which alone it is, as {@code Run.getExternalizableId} has it
     */
    public synchronized void add(String cloud, VirtainerTemplate template, String build) {
        remove(cloud, template.key());
        byCloud.computeIfAbsent(cloud, any -> new ArrayList<>()).add(new Offer(template, build));
    }

    /** Ends an offer. Agents that were made of it stay. */
    public synchronized void remove(String cloud, String key) {
        byCloud.getOrDefault(cloud, new ArrayList<>())
                .removeIf(offer -> offer.template().key().equals(key));
    }

    /** What pipelines offer in a cloud. */
    public synchronized List<VirtainerTemplate> of(String cloud) {
        return byCloud.getOrDefault(cloud, List.of()).stream()
                .map(Offer::template)
                .toList();
    }

    /** The build that brought a template, which has its agents for itself; empty for one that is configured. */
    public synchronized Optional<String> buildOf(String cloud, String key) {
        return byCloud.getOrDefault(cloud, List.of()).stream()
                .filter(offer -> offer.template().key().equals(key))
                .map(Offer::build)
                .findFirst();
    }

    /** The build that brought the template whose label this is. */
    public synchronized Optional<String> buildOf(Label label) {
        return byCloud.values().stream()
                .flatMap(List::stream)
                .filter(offer -> offer.template().serves(label))
                .map(Offer::build)
                .findFirst();
    }
}
