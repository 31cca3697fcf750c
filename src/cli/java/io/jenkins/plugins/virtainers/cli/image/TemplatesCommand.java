package io.jenkins.plugins.virtainers.cli.image;

import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.terminal.Json;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.cli.terminal.Table;
import io.jenkins.plugins.virtainers.cli.terminal.TimeSpan;
import io.jenkins.plugins.virtainers.engine.template.MemoryTemplate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The memory templates of a host. */
@Command(
        name = "templates",
        description = "List or remove the memory templates that machines are restored from.",
        footer = {"", "Examples:", "  virtainer templates ls", "  virtainer templates rm --all"},
        subcommands = {TemplatesCommand.Ls.class, TemplatesCommand.Rm.class})
public final class TemplatesCommand implements Runnable {
    private static final long MEGABYTE = 1L << 20;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "No command was given.");
    }

    /** What there is. */
    @Command(name = "ls", description = "List memory templates.")
    static final class Ls implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        private CommonOptions common;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        Ls(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() throws InterruptedException {
            try (Session session = Session.open(surroundings, common)) {
                List<MemoryTemplate> templates = templates(session);
                if (json) {
                    Json.print(
                            surroundings.output(),
                            templates.stream().map(Ls::values).toList());
                } else {
                    print(templates, session.host().info().time());
                }
                return 0;
            }
        }

        private void print(List<MemoryTemplate> templates, Instant now) {
            Table table = new Table("TEMPLATE", "SYSTEM", "CPUS", "MEMORY", "ACCEL", "SIZE", "USED", "STATE");
            for (MemoryTemplate template : templates) {
                table.row(
                        template.key(),
                        template.operatingSystem(),
                        Integer.toString(template.cpus()),
                        template.memory().toString(),
                        template.acceleration(),
                        template.bytes() / MEGABYTE + " MB",
                        TimeSpan.roughly(Duration.between(template.used(), now)) + " ago",
                        template.setAside()
                                .map(reason -> "set aside: " + reason)
                                .orElse("ready"));
            }
            table.print(surroundings.output());
        }

        private static Map<String, Object> values(MemoryTemplate template) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("key", template.key());
            values.put("system", template.operatingSystem());
            values.put("cpus", template.cpus());
            values.put("memory", template.memory().bytes());
            values.put("acceleration", template.acceleration());
            values.put("qemu", template.qemu());
            values.put("made", template.made().toString());
            values.put("used", template.used().toString());
            values.put("bytes", template.bytes());
            values.put("setAside", template.setAside().orElse(""));
            return values;
        }
    }

    /** Some less. */
    @Command(
            name = "rm",
            description = "Remove memory templates; machines restored from them run on. The next boot makes another.")
    static final class Rm implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        private CommonOptions common;

        @Option(
                names = {"-a", "--all"},
                description = "All of the host's.")
        private boolean all;

        @Parameters(arity = "0..*", paramLabel = "TEMPLATE", description = "As ls shows them.")
        private List<String> keys = List.of();

        Rm(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() throws InterruptedException {
            if (all == !keys.isEmpty()) {
                throw new io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException(
                        "Name the templates to remove, or say --all for all of the host's.");
            }
            try (Session session = Session.open(surroundings, common)) {
                List<String> removed = all
                        ? templates(session).stream().map(MemoryTemplate::key).toList()
                        : keys;
                if (!removed.isEmpty()) {
                    session.engine().templates().remove(removed, session.screen());
                }
                removed.forEach(surroundings.output()::println);
                return 0;
            }
        }
    }

    private static List<MemoryTemplate> templates(Session session) throws InterruptedException {
        return session.engine().templates().list(session.screen());
    }
}
