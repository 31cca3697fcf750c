package io.jenkins.plugins.virtainers.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Device;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.Volume;
import com.github.dockerjava.api.model.VolumesFrom;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.spec.Naming;
import io.jenkins.plugins.virtainers.engine.spec.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.spec.Port;
import io.jenkins.plugins.virtainers.engine.spec.PublishedPort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * A container to create, in the words of the Docker API: user 1000, no capability, no new privileges, and what its
 * {@link ContainerRequest.Rights} add.
 */
final class ContainerCreation {
    /** When one is full, the oldest makes room. */
    private static final int LOG_FILES = 2;

    /** To read and to write, and not to make. */
    static final String DEVICE_RIGHTS = "rw";

    static final String NO_NEW_PRIVILEGES = "no-new-privileges";
    /** QEMU listens for the guest on its own low ports, as a user without capabilities. */
    private static final Map<String, String> SYSCTLS = Map.of("net.ipv4.ip_unprivileged_port_start", "0");

    /** Without which a container has IPv6 on its networks alone, and none behind it. */
    private static final Map<String, String> SYSCTLS_OF_IPV6 =
            Map.of("net.ipv6.conf.all.forwarding", "1", "net.ipv6.conf.default.disable_ipv6", "0");

    /** A folder, which no engine can start. */
    private static final String NO_PROGRAM = "/";

    private static final String ROOT = "0:0";
    /** Of the processor, where guests want it too: a fraction of what each of them has. */
    private static final int SHARES_OF_KEEPER = 128;

    /**
     * What a host that runs out of memory ends before its own services, which have 0: guests, and sooner who makes what they
     * can do without. Of 1000, as proc_pid_oom_score_adj(5) has it.
     */
    private static final int OOM_SCORE_OF_GUEST = 500;

    private static final int OOM_SCORE_OF_KEEPER = 800;

    private static final String USER = FileArchive.USER + ":" + FileArchive.USER;

    private ContainerCreation() {}

    /** The call that creates a container, on the first of its networks. */
    static CreateContainerCmd of(ContainerRequest request, Connection engine) {
        ExposedPort[] exposed = request.published().stream()
                .map(ContainerCreation::exposed)
                .distinct()
                .toArray(ExposedPort[]::new);
        CreateContainerCmd creation = engine.client().createContainerCmd(request.image());
        if (!request.command().isEmpty()) {
            creation.withCmd(request.command());
        }
        // Filled with what the image has there.
        request.lends()
                .ifPresent(folder -> creation.withVolumes(new Volume(folder)).withEntrypoint(NO_PROGRAM));
        request.stopTimeout().ifPresent(time -> creation.withStopTimeout(Math.toIntExact(time.toSeconds())));
        request.networks().stream().findFirst().flatMap(NetworkJoin::address).ifPresent(creation::withIpv4Address);
        return creation.withName(request.name().value())
                .withHostName(request.hostname())
                .withUser(user(request.rights()))
                .withEnv(request.env().entrySet().stream()
                        .map(variable -> variable.getKey() + "=" + variable.getValue())
                        .sorted()
                        .toList())
                .withLabels(request.labels())
                .withExposedPorts(exposed)
                .withHostConfig(rights(request, engine.endpoint()));
    }

    /** A port that is to be published, with the address of the host on which it is. */
    static PublishedPort at(PublishedPort port, DockerEndpoint endpoint) {
        String usual = endpoint.publishAddress().getHostAddress();
        return port.address().isPresent() ? port : new PublishedPort(port.guest(), port.host(), Optional.of(usual));
    }

    private static ExposedPort exposed(PublishedPort port) {
        return ExposedPort.tcp(port.guest().number());
    }

    private static PortBinding binding(PublishedPort port, DockerEndpoint endpoint) {
        String address = at(port, endpoint).address().orElseThrow();
        String number = port.host().map(Port::toString).orElse(null);
        return new PortBinding(new Ports.Binding(address, number), exposed(port));
    }

    static String user(ContainerRequest.Rights rights) {
        return rights == ContainerRequest.Rights.GUEST ? USER : ROOT;
    }

    /** What each of them has; the user that runs QEMU has none. */
    static List<Capability> capabilities(ContainerRequest request) {
        return switch (request.rights()) {
            case GUEST -> List.of();
            case FOLDERS -> List.of(Capability.CHOWN);
            case TEMPLATES -> List.of(Capability.SETUID, Capability.SETGID);
            case ROUTER -> {
                List<Capability> capabilities = new ArrayList<>(List.of(
                        Capability.CHOWN,
                        Capability.DAC_OVERRIDE,
                        Capability.KILL,
                        Capability.NET_ADMIN,
                        Capability.SETGID,
                        Capability.SETUID));
                if (request.ipv6()) {
                    // To announce the router to the guest.
                    capabilities.add(Capability.NET_RAW);
                }
                capabilities.sort(Comparator.comparing(Capability::name));
                yield capabilities;
            }
        };
    }

    /** How soon the kernel of its host ends it when memory runs out; empty leaves it to the host. */
    static OptionalInt oomScore(ContainerRequest.Rights rights) {
        return switch (rights) {
            case GUEST, ROUTER -> OptionalInt.of(OOM_SCORE_OF_GUEST);
            case TEMPLATES -> OptionalInt.of(OOM_SCORE_OF_KEEPER);
            case FOLDERS -> OptionalInt.empty();
        };
    }

    /** Devices of the host, but for the group that may open them. */
    static List<String> devices(ContainerRequest request) {
        List<String> devices = new ArrayList<>();
        if (request.kvm()) {
            devices.add(KvmNode.PATH);
        }
        if (request.rights() == ContainerRequest.Rights.ROUTER) {
            devices.add("/dev/net/tun");
        }
        return devices;
    }

    /** Of the container's own network, in order. */
    static Map<String, String> sysctls(ContainerRequest request) {
        Map<String, String> sysctls = new TreeMap<>(SYSCTLS);
        if (request.ipv6()) {
            sysctls.putAll(SYSCTLS_OF_IPV6);
        }
        return sysctls;
    }

    /** In the order of their names. */
    static Map<String, String> logOptions(ContainerRequest request) {
        Map<String, String> options = new TreeMap<>();
        request.logSpace().ifPresent(space -> {
            options.put("max-file", Integer.toString(LOG_FILES));
            options.put("max-size", space.megabytes() / LOG_FILES + "m");
        });
        return options;
    }

    private static HostConfig rights(ContainerRequest request, DockerEndpoint endpoint) {
        HostConfig config = HostConfig.newHostConfig()
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of(NO_NEW_PRIVILEGES))
                .withSysctls(sysctls(request))
                .withPortBindings(request.published().stream()
                        .map(port -> binding(port, endpoint))
                        .toList());
        if (request.rights() == ContainerRequest.Rights.FOLDERS) {
            // A bind makes what a mount wants to be there.
            config.withBinds(request.volumes().stream()
                    .map(volume -> new Bind(volume.volume(), new Volume(volume.path())))
                    .toList());
            return config.withCapAdd(capabilities(request).toArray(Capability[]::new));
        }
        config.withMounts(request.volumes().stream()
                .map(volume -> new Mount()
                        .withType(volume.isFolder() ? MountType.BIND : MountType.VOLUME)
                        .withSource(volume.volume())
                        .withTarget(volume.path())
                        .withReadOnly(volume.readOnly()))
                .toList());
        request.borrows().ifPresent(lender -> config.withVolumesFrom(new VolumesFrom(lender.value())));
        request.networks().stream().findFirst().ifPresent(first -> config.withNetworkMode(first.network()));
        if (!request.naming().searches().isEmpty()) {
            config.withDnsSearch(request.naming().searches());
        }
        if (!request.naming().hosts().isEmpty()) {
            config.withExtraHosts(request.naming().hosts().stream()
                    .map(Naming.ExtraHost::toString)
                    .toArray(String[]::new));
        }
        if (request.logSpace().isPresent()) {
            // Of the driver that the engine has by default.
            config.withLogConfig(new LogConfig(null, logOptions(request)));
        }
        request.limits()
                .ifPresent(
                        limits -> config.withMemory(limits.memory().bytes()).withPidsLimit((long) limits.processes()));
        config.withAutoRemove(request.removedWhenEnded());
        oomScore(request.rights()).ifPresent(config::withOomScoreAdj);
        if (request.rights() == ContainerRequest.Rights.TEMPLATES) {
            config.withCpuShares(SHARES_OF_KEEPER);
        }
        List<Capability> capabilities = capabilities(request);
        if (!capabilities.isEmpty()) {
            config.withCapAdd(capabilities.toArray(Capability[]::new));
        }
        config.withDevices(devices(request).stream()
                .map(path -> new Device(DEVICE_RIGHTS, path, path))
                .toList());
        request.kvmGroup().ifPresent(group -> config.withGroupAdd(List.of(group)));
        return config;
    }
}
