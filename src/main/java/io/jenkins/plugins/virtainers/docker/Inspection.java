package io.jenkins.plugins.virtainers.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Ports;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.Quotation;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.NetworkAddress;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.Port;
import java.net.InetAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** What an engine says of a container, in the words of ours. */
final class Inspection {
    private Inspection() {}

    /** @throws VirtainerException {@link Failure#ENGINE_REFUSED} when the engine's answer is none */
    static Container container(InspectContainerResponse response, DockerEndpoint endpoint) {
        try {
            return read(response, endpoint);
        } catch (RuntimeException e) {
            // Something is missing, or no number, name or time.
            throw Failure.ENGINE_REFUSED.because(
                    "Cannot inspect container %s on %s: the engine's answer makes no sense. Is it an engine that listens there?"
                            .formatted(Quotation.line(String.valueOf(response.getId())), endpoint),
                    e);
        }
    }

    private static Container read(InspectContainerResponse response, DockerEndpoint endpoint) {
        InspectContainerResponse.ContainerState state = response.getState();
        Container.Phase phase = phase(state);
        boolean ended = phase == Container.Phase.ENDED;
        Long status = state.getExitCodeLong();
        Map<String, String> labels = response.getConfig().getLabels();
        return new Container(
                new ContainerId(response.getId()),
                response.getName().replaceFirst("^/", ""),
                Objects.requireNonNullElse(response.getConfig().getImage(), response.getImageId()),
                labels == null ? Map.of() : labels,
                phase,
                ended && status != null ? OptionalInt.of(Math.toIntExact(status)) : OptionalInt.empty(),
                DockerInfo.instant(response.getCreated()).orElse(Instant.EPOCH),
                ended ? DockerInfo.instant(state.getFinishedAt()) : Optional.empty(),
                addresses(response),
                published(response, endpoint));
    }

    private static Container.Phase phase(InspectContainerResponse.ContainerState state) {
        String status = Objects.requireNonNullElse(state.getStatus(), "").toLowerCase(Locale.ROOT);
        return switch (status) {
            case "created", "configured", "initialized" -> Container.Phase.CREATED;
            case "running", "restarting", "stopping" -> Container.Phase.RUNNING;
            case "paused" -> Container.Phase.PAUSED;
            default -> Container.Phase.ENDED;
        };
    }

    private static List<NetworkAddress> addresses(InspectContainerResponse response) {
        return Optional.ofNullable(response.getNetworkSettings())
                .map(settings -> settings.getNetworks())
                .orElse(Map.of())
                .entrySet()
                .stream()
                .filter(network -> network.getValue().getIpAddress() != null
                        && !network.getValue().getIpAddress().isBlank())
                .map(network ->
                        new NetworkAddress(network.getKey(), network.getValue().getIpAddress()))
                .toList();
    }

    private static Map<Port, Endpoint> published(InspectContainerResponse response, DockerEndpoint endpoint) {
        Ports ports = response.getNetworkSettings() == null
                ? null
                : response.getNetworkSettings().getPorts();
        if (ports == null) {
            return Map.of();
        }
        Map<Port, Endpoint> published = new HashMap<>();
        ports.getBindings().forEach((exposed, bindings) -> {
            if (bindings != null && bindings.length > 0) {
                published.put(
                        new Port(exposed.getPort()),
                        new Endpoint(hostOf(bindings[0], endpoint), Port.parse(bindings[0].getHostPortSpec())));
            }
        });
        return published;
    }

    private static String hostOf(Ports.Binding binding, DockerEndpoint endpoint) {
        String address = binding.getHostIp();
        boolean every = address == null || address.isEmpty() || address.equals("0.0.0.0") || address.equals("::");
        InetAddress publish = every ? endpoint.publishAddress() : null;
        return publish == null ? address : publish.getHostAddress();
    }
}
