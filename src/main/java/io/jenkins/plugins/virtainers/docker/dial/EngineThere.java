package io.jenkins.plugins.virtainers.docker.dial;

import io.jenkins.plugins.virtainers.engine.io.ShellWords;
import java.util.List;

/** What is run on an engine's host to be joined to the engine: {@code docker system dial-stdio}; Podman has the same. */
final class EngineThere {
    private EngineThere() {}

    /** A line for that host's shell, of whatever kind it is. */
    static String commandLine(SshAddress address) {
        String docker = address.socket()
                .map(path -> " --host " + ShellWords.join(List.of("unix://" + path)))
                .orElse("");
        String podman = address.socket()
                .map(path -> " --url " + ShellWords.join(List.of("unix://" + path)))
                .orElse("");
        String script =
                "command -v docker >/dev/null && exec docker%s system dial-stdio; exec podman%s system dial-stdio"
                        .formatted(docker, podman);
        return ShellWords.join(List.of("sh", "-c", script));
    }
}
