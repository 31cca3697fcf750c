package io.jenkins.plugins.virtainers.fleet;

import static java.util.Objects.requireNonNull;

import io.jenkins.plugins.virtainers.engine.spec.MemorySize;

/**
 * What one agent takes of a host, from the decision to make it until its container is gone.
 *
 * @param agent whose claim it is
 * @param cloud of the agent
 * @param template of the agent, by its key
 * @param host where its machine is, by its address
 * @param cpus of the machine
 * @param memory of the machine
 */
public record Claim(String agent, String cloud, String template, String host, int cpus, MemorySize memory) {
    public Claim {
        requireNonNull(agent, "agent");
        requireNonNull(cloud, "cloud");
        requireNonNull(template, "template");
        requireNonNull(host, "host");
        requireNonNull(memory, "memory");
    }
}
