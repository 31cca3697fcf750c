package io.jenkins.plugins.virtainers.cli;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.UnmatchedArgumentException;

/** What was probably meant by words that the command does not know: other tools have them. */
final class Misunderstandings {
    private static final Map<String, String> COMMANDS = Map.ofEntries(
            Map.entry("list", "ps"),
            Map.entry("ls", "ps"),
            Map.entry("status", "ps"),
            Map.entry("create", "run"),
            Map.entry("up", "run"),
            Map.entry("launch", "run"),
            Map.entry("shell", "ssh"),
            Map.entry("login", "ssh"),
            Map.entry("copy", "cp"),
            Map.entry("scp", "cp"),
            Map.entry("halt", "stop"),
            Map.entry("kill", "stop"),
            Map.entry("down", "rm"),
            Map.entry("delete", "rm"),
            Map.entry("destroy", "rm"),
            Map.entry("remove", "rm"),
            Map.entry("image", "images"),
            Map.entry("check", "doctor"),
            Map.entry("log", "logs"));

    private Misunderstandings() {}

    /** A sentence that says what is not known, and what was meant. */
    static String sentence(UnmatchedArgumentException problem) {
        List<String> unmatched = problem.getUnmatched();
        String word = unmatched.isEmpty() ? "" : unmatched.get(0);
        CommandLine command = problem.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        if (command.getParent() == null && !word.startsWith("-")) {
            return "There is no command \"%s\".%s".formatted(word, meant(word, problem));
        }
        if (word.matches("/[^:]*:/.*")) {
            return "Folders of the host are not mounted into a guest: copy with virtainer cp, or keep its disk with"
                    + " --data. (-v is --verbose here.)";
        }
        String kind = word.startsWith("-") ? "option" : "word";
        return "%s takes no %s \"%s\".%s".formatted(name, kind, word, meant(word, problem));
    }

    private static String meant(String word, UnmatchedArgumentException problem) {
        String known = COMMANDS.get(word);
        if (known != null && problem.getCommandLine().getParent() == null) {
            return " Did you mean virtainer %s?".formatted(known);
        }
        List<String> near = problem.getSuggestions();
        return near.isEmpty() ? "" : " Did you mean %s?".formatted(String.join(", or ", near));
    }
}
