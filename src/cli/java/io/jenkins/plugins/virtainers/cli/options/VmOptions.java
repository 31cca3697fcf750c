package io.jenkins.plugins.virtainers.cli.options;

import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What can be said about a virtual machine. */
public final class VmOptions {
    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the container and the guest. Default: a new one.")
    private Optional<String> name = Optional.empty();

    @Option(
            names = {"-e", "--env"},
            paramLabel = "NAME=VALUE",
            description = "Variable of the runtime (see the README's table). Repeatable.")
    private Map<String, String> env = new LinkedHashMap<>();

    @Mixin
    private HardwareOptions hardware;

    @Mixin
    private DiskOptions disk;

    @Mixin
    private SeedOptions seed;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private PlaceOptions place;

    @Mixin
    private BootOptions boot;

    /** The spec so far; keys of ours and how long it lives are the command's to add. */
    public VmSpec.Builder toSpec(ImageRef image) {
        VmSpec.Builder spec = VmSpec.of(image);
        name.map(VmName::new).ifPresent(spec::name);
        // First, since an option says more than a variable of the same meaning.
        env.forEach(spec::env);
        hardware.onto(spec);
        disk.onto(spec);
        seed.onto(spec);
        network.onto(spec);
        place.onto(spec, env.keySet());
        boot.onto(spec);
        return spec;
    }

    /** The caller's files, by the path at which the runtime looks for them. */
    public Map<String, Path> files() {
        return seed.files();
    }
}
