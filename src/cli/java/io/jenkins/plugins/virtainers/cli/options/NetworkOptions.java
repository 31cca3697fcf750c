package io.jenkins.plugins.virtainers.cli.options;

import io.jenkins.plugins.virtainers.engine.spec.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.spec.NetworkMode;
import io.jenkins.plugins.virtainers.engine.spec.PublishedPort;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How the guest is reached. */
final class NetworkOptions {
    @Option(
            names = "--network",
            paramLabel = "auto|nat|user|bridge",
            description = "How the guest is reached. Default: auto.")
    private Optional<String> network = Optional.empty();

    @Option(
            names = "--join",
            paramLabel = "NETWORK[=ADDRESS]",
            description = "Network of the engine to be on, and with which address. Repeatable."
                    + " Default: virtainers, which is made when it is not there.")
    private List<String> joins = List.of();

    @Option(
            names = "--cidr",
            paramLabel = "A.B.C",
            description =
                    "The guest's own network behind user and nat, such as 192.168.100. Default: one that is free.")
    private Optional<String> cidr = Optional.empty();

    @Option(
            names = {"-p", "--port"},
            paramLabel = "[[ADDRESS:]HOST:]PORT",
            description = "Port of the guest to publish beside SSH, on a port of the engine's host that is free, or on"
                    + " this one. Without an address only that host itself reaches it. Repeatable.")
    private List<String> ports = List.of();

    void onto(VmSpec.Builder spec) {
        network.map(NetworkMode::parse).ifPresent(spec::network);
        joins.stream().map(NetworkJoin::parse).forEach(spec::join);
        cidr.ifPresent(value -> spec.env("CIDR", value));
        ports.stream().map(PublishedPort::parse).forEach(spec::port);
    }
}
