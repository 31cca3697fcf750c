package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.terminal.Json;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.cli.terminal.Table;
import io.jenkins.plugins.virtainers.cli.terminal.TimeSpan;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.Port;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What there is. */
@Command(
        name = "ps",
        description = "List virtual machines.",
        footer = {"", "Example:", "  virtainer ps --all --json"})
public final class PsCommand implements Callable<Integer> {
    /** How a guest is reached that no address leads to. */
    private static final String ENGINE = "engine";

    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Option(
            names = {"-a", "--all"},
            description = "Those of other users and of Jenkins too.")
    private boolean all;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    public PsCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Session session = Session.open(surroundings, common)) {
            List<Container> containers =
                    session
                            .host()
                            .list(
                                    all
                                            ? Map.of(Labels.OWNER, "")
                                            : session.ownership().labels())
                            .stream()
                            .sorted(Comparator.comparing(Container::created))
                            .toList();
            Instant now =
                    containers.isEmpty() ? Instant.EPOCH : session.host().info().time();
            if (json) {
                Json.print(
                        surroundings.output(),
                        containers.stream()
                                .map(container -> values(session, container))
                                .toList());
            } else {
                print(session, containers, now);
            }
            return 0;
        }
    }

    private void print(Session session, List<Container> containers, Instant now) {
        Table table = new Table("NAME", "IMAGE", "STATE", "ADDRESS", "SSH", "PORTS", "AGE", "OWNER");
        for (Container container : containers) {
            table.row(
                    container.name(),
                    image(container),
                    state(container),
                    container.addresses().stream().findFirst().orElse("-"),
                    way(session, container)
                            .or(() -> published(container).map(Endpoint::toString))
                            .orElse("-"),
                    Published.cell(container),
                    TimeSpan.roughly(Duration.between(container.created(), now)),
                    container.label(Labels.OWNER).orElse("-"));
        }
        table.print(surroundings.output());
    }

    private static Map<String, Object> values(Session session, Container container) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("name", container.name());
        values.put("container", container.id().value());
        values.put("image", image(container));
        values.put("state", state(container));
        values.put("addresses", container.addresses());
        published(container).ifPresent(endpoint -> {
            values.put("host", endpoint.host());
            values.put("port", endpoint.port().number());
        });
        way(session, container).ifPresent(way -> values.put("ssh", way));
        values.put("ports", Published.values(container));
        values.put("created", container.created().toString());
        values.put("owner", container.label(Labels.OWNER).orElse(""));
        values.put("user", container.label(Labels.USER).orElse(""));
        values.put("hostKey", container.label(Labels.HOST_KEY).orElse(""));
        return values;
    }

    /** Where this user's command reached its SSH server when it had it ready. */
    private static Optional<String> way(Session session, Container container) {
        return session.state()
                .reachedAs(container.name())
                .map(name -> name.equals(container.name())
                        ? ENGINE
                        : name.startsWith("[") ? name.replaceAll("[\\[\\]]", "") : name + ":22");
    }

    private static String image(Container container) {
        return container.label(Labels.IMAGE).orElse(container.image());
    }

    private static String state(Container container) {
        String phase = container.phase().name().toLowerCase(Locale.ROOT);
        return container.exitStatus().isPresent()
                ? "%s (%d)".formatted(phase, container.exitStatus().getAsInt())
                : phase;
    }

    private static Optional<Endpoint> published(Container container) {
        return Optional.ofNullable(container.published().get(Port.SSH));
    }
}
