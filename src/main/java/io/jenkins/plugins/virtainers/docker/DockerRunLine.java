package io.jenkins.plugins.virtainers.docker;

import io.jenkins.plugins.virtainers.engine.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.Port;
import io.jenkins.plugins.virtainers.engine.VolumeMount;
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
        words.addAll(List.of("--hostname", request.name().value()));
        words.addAll(List.of("--user", DockerContainerHost.user(request.rights())));
        words.addAll(List.of("--cap-drop", "ALL"));
        DockerContainerHost.capabilities(request)
                .forEach(capability -> words.addAll(List.of("--cap-add", capability.name())));
        words.addAll(List.of("--security-opt", DockerContainerHost.NO_NEW_PRIVILEGES));
        DockerContainerHost.sysctls(request)
                .forEach((name, value) -> words.addAll(List.of("--sysctl", name + "=" + value)));
        for (String path : DockerContainerHost.devices(request)) {
            words.addAll(List.of("--device", "%s:%s:%s".formatted(path, path, DockerContainerHost.DEVICE_RIGHTS)));
        }
        if (request.kvm()) {
            KvmNode.group(endpoint).ifPresent(group -> words.addAll(List.of("--group-add", Integer.toString(group))));
        }
        for (Port port : request.published()) {
            words.addAll(List.of("--publish", endpoint.publishAddress().getHostAddress() + "::" + port));
        }
        for (NetworkJoin join : request.networks()) {
            words.addAll(List.of("--network", join.network()));
            join.address().ifPresent(address -> words.addAll(List.of("--ip", address)));
        }
        for (VolumeMount volume : request.volumes()) {
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
        new TreeMap<>(request.env()).forEach((name, value) -> words.addAll(List.of("--env", name + "=" + value)));
        words.add(request.image());
        words.addAll(request.command());
        return words;
    }
}
