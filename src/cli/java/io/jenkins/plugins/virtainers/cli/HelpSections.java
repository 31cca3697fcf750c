package io.jenkins.plugins.virtainers.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Help of commands with many options: what most people need first, the rest under headings, the oldest last. */
final class HelpSections {
    /** As many fit on a screen with what else help says. */
    private static final int FEW = 14;

    private static final List<Map.Entry<String, List<String>>> SECTIONS = List.of(
            Map.entry(
                    "What most machines need:",
                    List.of(
                            "--name",
                            "--cpus",
                            "--memory",
                            "--disk",
                            "--port",
                            "--data",
                            "--ssh-key",
                            "--user-data",
                            "--image",
                            "--user")),
            Map.entry(
                    "This command:",
                    List.of("--dry-run", "--json", "--quiet", "--verbose", "--yes", "--host", "--context")),
            Map.entry("Hardware:", List.of("--accel", "--tcg-threads")),
            Map.entry(
                    "Disk image:",
                    List.of("--checksum", "--image-cache", "--image-dir", "--image-path", "--image-space")),
            Map.entry("Network:", List.of("--network", "--join", "--cidr")),
            Map.entry(
                    "What it knows of the place that it is in:",
                    List.of("--hostname", "--dns-search", "--add-host", "--timezone", "--proxy")),
            Map.entry(
                    "Logging in, and what cloud-init is told:",
                    List.of("--password", "--shared-user-data", "--run", "--meta-data", "--seed", "--strict")),
            Map.entry("Screen:", List.of("--vnc", "--vnc-password")),
            Map.entry(
                    "Coming up, and how long it lives:",
                    List.of("--boot", "--timeout", "--stop-timeout", "--ephemeral", "--lease", "--template-space")),
            Map.entry(
                    "An agent that waits in the memory template:",
                    List.of("--agent-jar", "--agent-java", "--agent-options", "--agent-directory")));

    private static final String REST = "More:";
    /** For those who come from the original. */
    private static final Map.Entry<String, List<String>> LAST =
            Map.entry("Kept for compatibility:", List.of("--cloud-init-disk", "--os-variant"));

    private HelpSections() {}

    static CommandLine apply(CommandLine command) {
        command.getSubcommands().values().forEach(HelpSections::apply);
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        if (command.getCommandSpec().options().size() > FEW) {
            usage.abbreviateSynopsis(true);
            command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpSections::options);
        }
        return command;
    }

    private static String options(Help help) {
        List<OptionSpec> options = new ArrayList<>(help.commandSpec().options());
        List<OptionSpec> last = take(options, LAST.getValue());
        StringBuilder text = new StringBuilder();
        SECTIONS.forEach(section -> add(text, help, section.getKey(), take(options, section.getValue())));
        add(text, help, REST, options);
        add(text, help, LAST.getKey(), last);
        return text.toString();
    }

    private static List<OptionSpec> take(List<OptionSpec> options, List<String> names) {
        List<OptionSpec> taken = names.stream()
                .flatMap(name -> options.stream()
                        .filter(option -> Stream.of(option.names()).anyMatch(name::equals)))
                .toList();
        options.removeAll(taken);
        return taken;
    }

    private static void add(StringBuilder text, Help help, String heading, List<OptionSpec> options) {
        if (options.isEmpty()) {
            return;
        }
        Help.Layout layout = help.createDefaultLayout(options, List.of(), help.colorScheme());
        layout.addOptions(options, help.parameterLabelRenderer());
        text.append(System.lineSeparator())
                .append(heading)
                .append(System.lineSeparator())
                .append(layout);
    }
}
