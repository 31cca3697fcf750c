package io.jenkins.plugins.virtainers.cli.image;

import io.jenkins.plugins.virtainers.cli.engine.BuildFromSource;
import io.jenkins.plugins.virtainers.cli.engine.ChosenCatalogue;
import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.terminal.Json;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.cli.terminal.Table;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What can be booted. */
@Command(
        name = "images",
        description = "List the images that can be booted: those on the container engine, those that can be built,"
                + " and those that distributions publish.",
        subcommands = CheckCommand.class,
        footer = {"", "Examples:", "  virtainer images --json", "  virtainer images check"})
public final class ImagesCommand implements Callable<Integer> {
    private static final long MEGABYTE = 1L << 20;

    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    public ImagesCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** One line of the list. */
    private record Line(String name, String operatingSystem, String user, String boot, String size) {}

    @Override
    public Integer call() throws InterruptedException {
        try (Session session = Session.open(surroundings, common)) {
            Map<String, Line> lines = new TreeMap<>();
            surroundings
                    .sourceTree()
                    .map(tree -> BuildFromSource.names(tree.resolve("images")))
                    .orElse(List.of())
                    .forEach(name -> lines.put(name, new Line(name, "-", "-", "-", "not built yet")));
            ChosenCatalogue.of(surroundings)
                    .entries()
                    .forEach(entry -> lines.put(
                            entry.name().toString(),
                            new Line(
                                    entry.name().toString(), "-", entry.user(), "firmware", "fetched when it is run")));
            for (ContainerImage image : session.host().images(Labels.CONTRACT)) {
                for (String tag : image.tags()) {
                    Line line = line(name(tag), image);
                    lines.put(line.name(), line);
                }
            }
            print(List.copyOf(lines.values()));
            return 0;
        }
    }

    private void print(List<Line> lines) {
        if (json) {
            Json.print(
                    surroundings.output(),
                    lines.stream().map(ImagesCommand::values).toList());
            return;
        }
        Table table = new Table("IMAGE", "SYSTEM", "USER", "BOOT", "SIZE");
        lines.forEach(line -> table.row(line.name(), line.operatingSystem(), line.user(), line.boot(), line.size()));
        table.print(surroundings.output());
    }

    private static Map<String, Object> values(Line line) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("image", line.name());
        values.put("system", line.operatingSystem());
        values.put("user", line.user());
        values.put("boot", line.boot());
        values.put("size", line.size());
        return values;
    }

    private static Line line(String name, ContainerImage image) {
        return new Line(
                name,
                image.label(Labels.OS).orElse("-"),
                image.label(Labels.USER).orElse("-"),
                image.label(Labels.BOOT).orElse("-"),
                image.bytes() / MEGABYTE + " MB");
    }

    /** As people write it, if that is possible. */
    private static String name(String tag) {
        try {
            return ImageRef.parse(tag.replaceFirst("^(localhost|docker\\.io)/", ""))
                    .toString();
        } catch (InvalidSpecException e) {
            return tag;
        }
    }
}
