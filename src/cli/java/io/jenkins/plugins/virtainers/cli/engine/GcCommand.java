package io.jenkins.plugins.virtainers.cli.engine;

import io.jenkins.plugins.virtainers.cli.terminal.Json;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes what was left behind, whoever made it. */
@Command(
        name = "gc",
        description = {
            "Remove what was left behind on the engine, by anybody: machines whose lease has ended and they with it, and"
                    + " helpers whose maker was killed.",
            "What has no lease, runs, or is waited for, stays; so do memory templates, fetched images and networks."
        },
        footer = {"", "Examples:", "  virtainer gc --dry-run", "  virtainer gc --quiet"})
public final class GcCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Option(names = "--dry-run", description = "Say what would be removed, and remove nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    public GcCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Session session = Session.open(surroundings, common)) {
            List<Container> leftovers = session.engine().leftovers();
            for (Container container : leftovers) {
                if (dryRun) {
                    session.screen().say("Would remove " + describe(container));
                } else {
                    session.screen().step("Removing " + describe(container));
                    session.engine().remove(container.id());
                }
                if (!json) {
                    surroundings.output().println(container.name());
                }
            }
            if (json) {
                Json.print(
                        surroundings.output(),
                        leftovers.stream().map(GcCommand::values).toList());
            }
            session.screen().done();
            return 0;
        }
    }

    private static String describe(Container container) {
        return "%s, of %s".formatted(container.name(), owner(container));
    }

    private static String owner(Container container) {
        return container.label(Labels.OWNER).orElse("nobody");
    }

    private static Map<String, Object> values(Container container) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("name", container.name());
        values.put("container", container.id().value());
        values.put("owner", owner(container));
        values.put("created", container.created().toString());
        return values;
    }
}
