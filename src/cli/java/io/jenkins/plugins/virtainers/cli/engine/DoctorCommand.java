package io.jenkins.plugins.virtainers.cli.engine;

import io.jenkins.plugins.virtainers.cli.terminal.Json;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.cli.terminal.VersionOfJar;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether this host can do it, and what to do if not. */
@Command(
        name = "doctor",
        description = "Say what this host and its container engine can do, and what to do about what is wrong."
                + " Ends with 1 if exec could not work.",
        footer = {"", "Example:", "  virtainer doctor --json"})
public final class DoctorCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final List<Finding> findings = new ArrayList<>();

    @Mixin
    private CommonOptions common;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    public DoctorCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        findings.add(Finding.fine("virtainer", "%s, Java %s".formatted(VersionOfJar.version(), Runtime.version())));
        Optional<DockerEndpoint> endpoint = endpoint();
        if (endpoint.isPresent()) {
            try (Session session = Session.open(surroundings, common)) {
                findings.addAll(new HostExamination(
                                session.engine(),
                                session.ownership(),
                                surroundings.sourceTree().isPresent())
                        .findings());
            }
        }
        print();
        return findings.stream().anyMatch(finding -> finding.verdict() == Finding.Verdict.BROKEN) ? 1 : 0;
    }

    private Optional<DockerEndpoint> endpoint() {
        try {
            EngineChoice choice = new EngineChoice(surroundings);
            choice.context(common).ifPresent(context -> findings.add(Finding.fine("context", context.toString())));
            Optional<DockerEndpoint> endpoint = choice.find(common);
            if (endpoint.isEmpty()) {
                findings.add(Finding.broken(
                        "engine",
                        "none found: DOCKER_HOST is not set, and no usual socket answers",
                        "Start one: virtainer engine start"));
            }
            return endpoint;
        } catch (VirtainerException e) {
            findings.add(Finding.broken("engine", e.getMessage(), ""));
            return Optional.empty();
        }
    }

    private void print() {
        if (json) {
            Json.print(
                    surroundings.output(),
                    findings.stream().map(Finding::values).toList());
        } else {
            findings.forEach(finding -> finding.print(surroundings.output()));
        }
    }
}
