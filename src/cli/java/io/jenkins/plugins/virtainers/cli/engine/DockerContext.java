package io.jenkins.plugins.virtainers.cli.engine;

import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A context of Docker's own command: an engine under a name.
 *
 * @param chosenBy what named it: an option, a variable, a file
 * @param certificates where the files of its TLS are, if it has any
 */
record DockerContext(String name, String chosenBy, DockerEndpoint endpoint, Optional<Path> certificates) {
    /** For Docker's own command, that it uses this engine too. */
    Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>(Map.of("DOCKER_HOST", endpoint.toString()));
        certificates.ifPresent(folder -> {
            variables.put("DOCKER_TLS_VERIFY", "1");
            variables.put("DOCKER_CERT_PATH", folder.toString());
        });
        return variables;
    }

    @Override
    public String toString() {
        return "%s (chosen by %s): %s".formatted(name, chosenBy, endpoint);
    }
}
