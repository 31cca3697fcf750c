package io.jenkins.plugins.virtainers.docker;

import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.Volumes;
import io.jenkins.plugins.virtainers.engine.spec.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.spec.Proxies;
import io.jenkins.plugins.virtainers.engine.spec.PublishedPort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A container to create as the words of {@code docker run}, for people who want no more than that. A test holds the two to
 * each other: what {@link DockerContainerHost} creates and what these words create have the same settings.
 */
public final class DockerRunLine {
    private DockerRunLine() {}

    /**
     * The words, to be joined for a shell.
     *
     * @param request of a guest that joins one network
     * @param files of the host, by the path at which the container shall see them
     * @param endpoint where the container would be
     * @param program {@code docker} or {@code podman}
     */
    public static List<String> of(
            ContainerRequest request, Map<String, Path> files, DockerEndpoint endpoint, String program) {
        List<String> words = new ArrayList<>(List.of(program, "run", "--detach"));
        words.addAll(List.of("--name", request.name().value()));
        words.addAll(List.of("--hostname", request.hostname()));
        words.addAll(List.of("--user", ContainerCreation.user(request.rights())));
        words.addAll(List.of("--cap-drop", "ALL"));
        ContainerCreation.capabilities(request)
                .forEach(capability -> words.addAll(List.of("--cap-add", capability.name())));
        words.addAll(List.of("--security-opt", ContainerCreation.NO_NEW_PRIVILEGES));
        ContainerCreation.oomScore(request.rights())
                .ifPresent(score -> words.addAll(List.of("--oom-score-adj", Integer.toString(score))));
        request.limits()
                .ifPresent(limits -> words.addAll(List.of(
                        "--memory",
                        limits.memory().megabytes() + "m",
                        "--pids-limit",
                        Integer.toString(limits.processes()))));
        ContainerCreation.sysctls(request)
                .forEach((name, value) -> words.addAll(List.of("--sysctl", name + "=" + value)));
        for (String path : ContainerCreation.devices(request)) {
            words.addAll(List.of("--device", "%s:%s:%s".formatted(path, path, ContainerCreation.DEVICE_RIGHTS)));
        }
        request.kvmGroup().ifPresent(group -> words.addAll(List.of("--group-add", group)));
        request.stopTimeout()
                .ifPresent(time -> words.addAll(List.of("--stop-timeout", Long.toString(time.toSeconds()))));
        ContainerCreation.logOptions(request)
                .forEach((name, value) -> words.addAll(List.of("--log-opt", name + "=" + value)));
        for (PublishedPort port : request.published()) {
            words.addAll(
                    List.of("--publish", ContainerCreation.at(port, endpoint).toString()));
        }
        for (NetworkJoin join : request.networks()) {
            words.addAll(List.of("--network", join.network()));
            join.address().ifPresent(address -> words.addAll(List.of("--ip", address)));
        }
        request.naming().searches().forEach(domain -> words.addAll(List.of("--dns-search", domain)));
        request.naming().hosts().forEach(other -> words.addAll(List.of("--add-host", other.toString())));
        for (Volumes.Mount volume : request.volumes()) {
            words.addAll(List.of(
                    "--mount",
                    "type=%s,source=%s,target=%s%s"
                            .formatted(
                                    volume.isFolder() ? "bind" : "volume",
                                    volume.volume(),
                                    volume.path(),
                                    volume.readOnly() ? ",readonly" : "")));
        }
        new TreeMap<>(files)
                .forEach((path, file) -> words.addAll(List.of(
                        "--mount", "type=bind,source=%s,target=%s,readonly".formatted(file.toAbsolutePath(), path))));
        new TreeMap<>(request.env()).forEach((name, value) -> words.addAll(List.of("--env", variable(name, value))));
        words.add(request.image());
        words.addAll(request.command());
        return words;
    }

    /** A proxy's password is not printed: with the name alone, the value is that of whoever runs the line. */
    private static String variable(String name, String value) {
        return Proxies.isOne(name) && value.contains("@") ? name : name + "=" + value;
    }
}
