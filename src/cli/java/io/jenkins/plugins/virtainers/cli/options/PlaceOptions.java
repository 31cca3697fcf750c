package io.jenkins.plugins.virtainers.cli.options;

import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.spec.Naming;
import io.jenkins.plugins.virtainers.engine.spec.Proxies;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** Where the guest believes to be: its name, the names that it knows, its time and its proxies. */
final class PlaceOptions {
    /** Zones that Java has under other names. */
    private static final Set<String> OTHER_ZONES = Set.of("EST", "HST", "MST");

    private final Surroundings surroundings;

    @Option(
            names = "--hostname",
            paramLabel = "NAME",
            description = "Host name of the guest, such as web.corp.example. Default: its name.")
    private Optional<String> hostname = Optional.empty();

    @Option(
            names = "--dns-search",
            paramLabel = "DOMAIN",
            description = "Domain in which the guest looks for names. Repeatable.")
    private List<String> searches = List.of();

    @Option(
            names = "--add-host",
            paramLabel = "NAME:ADDRESS",
            description = "Host that the guest knows, such as db:10.1.2.3. Repeatable.")
    private List<String> hosts = List.of();

    @Option(
            names = "--timezone",
            paramLabel = "ZONE",
            description = "Time zone of the guest, such as Europe/Berlin. Default: the image's, UTC.")
    private Optional<String> timezone = Optional.empty();

    @Option(
            names = "--proxy",
            description =
                    "Have the guest use the proxies that http_proxy, https_proxy, ftp_proxy and no_proxy name here.")
    private boolean proxy;

    PlaceOptions(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** What was said with {@code --env} stays. */
    void onto(VmSpec.Builder spec, Set<String> said) {
        spec.naming(new Naming(
                hostname, searches, hosts.stream().map(Naming.ExtraHost::parse).toList()));
        timezone.ifPresent(zone -> spec.env("TZ", checked(zone)));
        if (proxy) {
            spec.env("PROXY", "yes");
            Proxies.of(surroundings.environment()).forEach((name, value) -> {
                if (!said.contains(name)) {
                    spec.env(name, value);
                }
            });
        }
    }

    private static String checked(String zone) {
        if (!ZoneId.getAvailableZoneIds().contains(zone) && !OTHER_ZONES.contains(zone)) {
            throw new InvalidSpecException(
                    "There is no time zone \"%s\": give one such as Europe/Berlin.".formatted(zone));
        }
        return zone;
    }
}
