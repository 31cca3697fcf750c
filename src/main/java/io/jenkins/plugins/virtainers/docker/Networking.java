package io.jenkins.plugins.virtainers.docker;

import com.github.dockerjava.api.exception.DockerException;
import io.jenkins.plugins.virtainers.engine.Failure;
import io.jenkins.plugins.virtainers.engine.Subnet;
import io.jenkins.plugins.virtainers.engine.VirtainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What engines say of networks, and what this machine's kernel knows of them. */
final class Networking {
    /** Docker's words and Podman's, which have no status of their own. */
    private static final Pattern ABOUT_NETWORKS = Pattern.compile("network \\S+ not found|unable to find network"
            + "|pool overlaps|overlaps? with|is already used on the host|already being used|subnet"
            + "|invalid address|address already in use|requested ip|ip address is supported|no available ipv4"
            + "|ipam|netavark|macvlan|ipvlan|parent interface|failed to find link|link not found");

    /** A port that somebody else listens on. */
    private static final Pattern ABOUT_PORTS = Pattern.compile("listen (tcp|udp)|port is already allocated|bind:");

    private static final Path ROUTES = Path.of("/proc/net/route");
    private static final int DESTINATION = 1;
    private static final int MASK = 7;

    private Networking() {}

    /** Whether an engine's answer is about the networks of a request. */
    static boolean says(String answer) {
        String words = answer.toLowerCase(Locale.ROOT);
        return ABOUT_NETWORKS.matcher(words).find()
                && !ABOUT_PORTS.matcher(words).find();
    }

    static VirtainerException refused(String what, DockerEndpoint endpoint, DockerException answer) {
        return Failure.NETWORK.because(
                "Cannot %s on %s: the engine says \"%s\". Look at its networks: docker network ls"
                        .formatted(what, endpoint, Calls.answerOf(answer)),
                answer);
    }

    /** What this machine reaches, but for the way into the world. */
    static Optional<List<Subnet>> routes() {
        List<Subnet> routes = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(ROUTES)) {
                String[] words = line.split("\\s+", -1);
                if (words.length > MASK && words[MASK].matches("[0-9A-F]{8}")) {
                    int length = Long.bitCount(Long.parseLong(words[MASK], 16));
                    routes.add(new Subnet(fromNetwork(words[DESTINATION]), length));
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        routes.removeIf(route -> route.length() == 0);
        return Optional.of(routes);
    }

    /** The kernel writes addresses as numbers of this machine's byte order. */
    private static long fromNetwork(String hexadecimal) {
        int number = (int) Long.parseLong(hexadecimal, 16);
        boolean little = java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.LITTLE_ENDIAN;
        return Integer.toUnsignedLong(little ? Integer.reverseBytes(number) : number);
    }
}
