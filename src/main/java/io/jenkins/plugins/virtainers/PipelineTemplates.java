package io.jenkins.plugins.virtainers;

import hudson.Extension;
import hudson.ExtensionList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Templates that running pipelines brought, for as long as they need them. Not persisted: a pipeline that resumes brings
 * its own again. Safe for use by several threads.
 */
@Extension
public final class PipelineTemplates {
    private final Map<String, List<VirtainerTemplate>> byCloud = new HashMap<>();

    public static PipelineTemplates get() {
        return ExtensionList.lookupSingleton(PipelineTemplates.class);
    }

    /**
     * Offers a template in a cloud, in place of one with the same key.
     *
     * @param template with a name and a label that nobody else has
     */
    public synchronized void add(String cloud, VirtainerTemplate template) {
        remove(cloud, template.key());
        byCloud.computeIfAbsent(cloud, any -> new ArrayList<>()).add(template);
    }

    /** Ends an offer. Agents that were made of it stay. */
    public synchronized void remove(String cloud, String key) {
        byCloud.getOrDefault(cloud, new ArrayList<>())
                .removeIf(template -> template.key().equals(key));
    }

    /** What pipelines offer in a cloud. */
    public synchronized List<VirtainerTemplate> of(String cloud) {
        return List.copyOf(byCloud.getOrDefault(cloud, List.of()));
    }
}
