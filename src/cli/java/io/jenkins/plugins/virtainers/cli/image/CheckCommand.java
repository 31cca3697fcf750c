package io.jenkins.plugins.virtainers.cli.image;

import io.jenkins.plugins.virtainers.cli.engine.ChosenCatalogue;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.cli.terminal.Table;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.image.Catalogue;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Whether distributions still publish what the catalogue says. */
@Command(
        name = "check",
        description = {
            "Ask the publishers whether every disk image of the catalogue is at its address, and has a checksum.",
            "Asks for no image itself. Ends with 66 when one is not as the catalogue says."
        },
        footer = {"", "Example:", "  virtainer images check fedora:43"})
final class CheckCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int OK = 200;
    private static final Pattern CHECKSUM = Pattern.compile("\\b(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{128})\\b");
    private static final String WELL = "ok";

    private final Surroundings surroundings;
    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(PATIENCE)
            .build();

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Images of the catalogue. Default: all.")
    private List<String> names = new ArrayList<>();

    CheckCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        Table table = new Table("IMAGE", "STATE", "ADDRESS");
        boolean well = true;
        for (Catalogue.Entry entry : wanted(ChosenCatalogue.of(surroundings))) {
            String state = problem(entry).orElse(WELL);
            well &= state.equals(WELL);
            table.row(entry.name().toString(), state, entry.address().toString());
        }
        table.print(surroundings.output());
        return well ? 0 : Failure.IMAGE_MISSING.exitStatus();
    }

    private List<Catalogue.Entry> wanted(Catalogue catalogue) {
        return names.isEmpty()
                ? catalogue.entries()
                : names.stream()
                        .map(name -> catalogue
                                .find(ImageRef.parse(name))
                                .orElseThrow(() -> new InvalidSpecException(
                                        "The catalogue has no %s. See: virtainer images".formatted(name))))
                        .toList();
    }

    private Optional<String> problem(Catalogue.Entry entry) throws InterruptedException {
        String url = entry.address().url();
        try {
            int status = client.send(
                            request(url)
                                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            return status == OK ? problemOfChecksum(entry, url) : Optional.of("the image's address says " + status);
        } catch (IOException e) {
            return Optional.of("no answer: " + (e.getMessage() == null ? e : e.getMessage()));
        }
    }

    private Optional<String> problemOfChecksum(Catalogue.Entry entry, String url)
            throws IOException, InterruptedException {
        if (CHECKSUM.matcher(entry.checksum()).matches()) {
            return Optional.empty();
        }
        HttpResponse<String> list =
                client.send(request(entry.checksum()).build(), HttpResponse.BodyHandlers.ofString());
        if (list.statusCode() != OK) {
            return Optional.of("the checksums' address says " + list.statusCode());
        }
        // A list that is called as the image is, and more, is of no other (runtime/publisher.sh).
        String name = entry.checksum().startsWith(url + ".") ? "" : url.substring(url.lastIndexOf('/') + 1);
        return list.body()
                        .lines()
                        .anyMatch(line ->
                                line.contains(name) && CHECKSUM.matcher(line).find())
                ? Optional.empty()
                : Optional.of("the list of checksums has none of it");
    }

    private static HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE);
    }
}
