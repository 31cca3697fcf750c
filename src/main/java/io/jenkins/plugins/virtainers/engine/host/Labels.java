package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.VmEngine;

/**
 * Names of the labels that images and containers carry. The first group is written by the image build
 * (docs/runtime-contract.md); a container inherits it. The second is written by {@link VmEngine}; clean-up reads
 * nothing else.
 */
public final class Labels {
    /** Version of the runtime contract that the image follows. */
    public static final String CONTRACT = "io.virtainers.contract";
    /** Operating system of the guest, for people. */
    public static final String OS = "io.virtainers.os";
    /** Login that receives the authorized key. */
    public static final String USER = "io.virtainers.user";
    /** Architecture of the guest, in the engine's spelling. */
    public static final String ARCHITECTURE = "io.virtainers.arch";
    /** {@code direct} or {@code firmware}. */
    public static final String BOOT = "io.virtainers.boot";

    /** Who made the container: a controller, or a user on a machine. */
    public static final String OWNER = "io.virtainers.owner";
    /** The cloud that it belongs to. */
    public static final String CLOUD = "io.virtainers.cloud";
    /** The agent that it is. */
    public static final String AGENT = "io.virtainers.agent";
    /** One request to create; finds a container whose creation was not answered. */
    public static final String REQUEST = "io.virtainers.request";
    /** Seconds that it lives unrenewed. */
    public static final String LEASE = "io.virtainers.lease";
    /** Public host key of the guest. */
    public static final String HOST_KEY = "io.virtainers.hostkey";
    /** The image as it was asked for. */
    public static final String IMAGE = "io.virtainers.image";

    /** Variables that a memory template for guests like this one depends on. */
    public static final String HARDWARE = "io.virtainers.hardware";
    /** On containers that hold no virtual machine: what they keep. Nobody owns them; they end by themselves. */
    public static final String KEEPER = "io.virtainers.keeper";

    private Labels() {}
}
