package io.jenkins.plugins.virtainers.cli.options;

import io.jenkins.plugins.virtainers.cli.terminal.TimeSpan;
import io.jenkins.plugins.virtainers.engine.spec.BootMode;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which way the guest comes up, and how long it may take to come and go. */
final class BootOptions {
    @Option(
            names = "--boot",
            paramLabel = "auto|restore|direct|cold",
            description = "Which way the guest comes up: restored from a memory template or booted, cold with"
                    + " cloud-init. Default: auto.")
    private Optional<String> boot = Optional.empty();

    @Option(
            names = "--template-space",
            paramLabel = "SIZE",
            description = "What all memory templates of a host may take. Default: 20G.")
    private Optional<String> templateSpace = Optional.empty();

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long the guest may take to answer SSH, such as 90s or 10m. Default: 10m.")
    private Optional<String> timeout = Optional.empty();

    @Option(
            names = "--stop-timeout",
            paramLabel = "TIME",
            description = "How long the guest may take to power off. Default: 2m.")
    private Optional<String> stopTimeout = Optional.empty();

    @Mixin
    private AgentOptions agent;

    void onto(VmSpec.Builder spec) {
        boot.map(BootMode::parse).ifPresent(spec::boot);
        templateSpace.ifPresent(value -> spec.env("TEMPLATE_SPACE", value));
        agent.program().ifPresent(spec::agent);
        timeout.map(TimeSpan::parse).ifPresent(spec::bootTimeout);
        stopTimeout.map(TimeSpan::parse).ifPresent(spec::stopTimeout);
    }
}
