package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.engine.guest.GuestScreen;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.Port;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Where the ports of a guest are on its host, but for those of SSH and of the screen, which are told by themselves. */
final class Published {
    private Published() {}

    /** A line for each, such as {@code 80 is at 127.0.0.1:8080}. */
    static List<String> lines(Container container) {
        return of(container)
                .map(port -> "%s is at %s".formatted(port.getKey(), port.getValue()))
                .toList();
    }

    /** All of them in the cell of a table. */
    static String cell(Container container) {
        List<String> ports = of(container)
                .map(port -> "%s=%s".formatted(port.getKey(), port.getValue()))
                .toList();
        return ports.isEmpty() ? "-" : String.join(" ", ports);
    }

    /** For programs. */
    static List<Map<String, Object>> values(Container container) {
        return of(container)
                .map(port -> {
                    Map<String, Object> values = new LinkedHashMap<>();
                    values.put("guest", port.getKey().number());
                    values.put("host", port.getValue().host());
                    values.put("port", port.getValue().port().number());
                    return values;
                })
                .toList();
    }

    private static Stream<Map.Entry<Port, Endpoint>> of(Container container) {
        return container.published().entrySet().stream()
                .filter(port ->
                        !port.getKey().equals(Port.SSH) && !port.getKey().equals(GuestScreen.BROWSER))
                .sorted(Comparator.comparing(port -> port.getKey().number()));
    }
}
