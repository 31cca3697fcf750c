package io.jenkins.plugins.virtainers.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Mount;
import io.jenkins.plugins.virtainers.engine.ContainerPlan;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.ContainerNetwork;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import io.jenkins.plugins.virtainers.engine.spec.DiskSize;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.Naming;
import io.jenkins.plugins.virtainers.engine.spec.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.spec.NetworkMode;
import io.jenkins.plugins.virtainers.engine.spec.PublishedPort;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the words of "docker run" make is what the engine makes. */
class DockerRunLineIT {
    private static final DockerEndpoint ENDPOINT = RealHosts.docker();

    @TempDir
    Path directory;

    @BeforeAll
    static void buildLiar() throws Exception {
        LiarImage.build(ENDPOINT);
    }

    @ParameterizedTest
    @EnumSource(
            value = NetworkMode.class,
            names = {"USER", "NAT", "BRIDGE"})
    void aLineMakesTheContainerThatTheEngineMakes(NetworkMode network) throws Exception {
        Path key = Files.writeString(directory.resolve("a key.pub"), "ssh-ed25519 AAAA me");
        try (DockerContainerHost host = new DockerContainerHost(ENDPOINT);
                DockerClient client = LiarImage.client(ENDPOINT)) {
            HostInfo info = host.info();
            VmName name = VmName.random();
            ContainerRequest request = new ContainerPlan(host)
                    .of(
                            spec(name, directory, network),
                            LiarImage.REF.reference(),
                            info,
                            List.of(new ContainerNetwork("bridge", "bridge", List.of(), List.of(), true)));
            InspectContainerResponse ours;
            InspectContainerResponse theirs;
            ContainerId container = host.create(request);
            try {
                ours = client.inspectContainerCmd(container.value()).exec();
            } finally {
                host.remove(container);
            }
            String id = run(DockerRunLine.of(request, Map.of("/tmp/id_rsa.pub", key), ENDPOINT, "docker"));
            try {
                theirs = client.inspectContainerCmd(id).exec();
            } finally {
                host.remove(new ContainerId(id));
            }
            assertEquals(settings(ours), settings(theirs));
            assertEquals(
                    info.boundsLogs() ? "{max-file=2, max-size=8m}" : "{}",
                    settings(ours).get("log"));
            assertEquals(500, settings(ours).get("oom"));
            assertEquals(3L << 30, settings(ours).get("memory"), "1 GiB of the guest's, and 2 GiB");
            assertEquals(1026L, settings(ours).get("processes"));
            assertEquals(
                    List.of("/elsewhere", "/template-marks", "/templates"),
                    mounts(ours).map(Mount::getTarget).toList());
            assertEquals(
                    key.toString(),
                    mounts(theirs)
                            .filter(mount -> "/tmp/id_rsa.pub".equals(mount.getTarget()))
                            .findFirst()
                            .orElseThrow()
                            .getSource());
            assertEquals(
                    describe(mounts(ours)),
                    describe(mounts(theirs).filter(mount -> !"/tmp/id_rsa.pub".equals(mount.getTarget()))));
        }
    }

    private static VmSpec spec(VmName name, Path data, NetworkMode network) {
        return VmSpec.of(ImageRef.parse("liar:1"))
                .name(name)
                .cpus(2)
                .network(network)
                .join(NetworkJoin.of("bridge"))
                .naming(new Naming(
                        Optional.of("web.corp.example"),
                        List.of("corp.example", "lab.example"),
                        List.of(Naming.ExtraHost.parse("db:10.1.2.3"), Naming.ExtraHost.parse("six:fd00::7"))))
                .disk(DiskSize.parse("20G"))
                .port(PublishedPort.parse("8080"))
                .port(PublishedPort.parse("127.0.0.2:18081:8081"))
                .data(data.toString())
                .env("IMAGE_DIR", "/elsewhere")
                .env("PASSWORD", "it's \"$HOME\" `id`")
                .build();
    }

    private static String run(List<String> words) throws IOException, InterruptedException {
        ProcessBuilder command = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
        command.environment().put("DOCKER_HOST", ENDPOINT.toString());
        Process process = command.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        return printed.strip();
    }

    /** What a container may do and has, but for its mounts. */
    private static Map<String, Object> settings(InspectContainerResponse container) {
        HostConfig config = container.getHostConfig();
        Map<String, Object> settings = new TreeMap<>();
        settings.put("network", config.getNetworkMode());
        settings.put("name", container.getName());
        settings.put("hostname", container.getConfig().getHostName());
        settings.put("searches", Arrays.toString(config.getDnsSearch()));
        settings.put("hosts", Arrays.toString(config.getExtraHosts()));
        settings.put("oom", config.getOomScoreAdj());
        settings.put("memory", config.getMemory());
        settings.put("processes", config.getPidsLimit());
        settings.put("user", container.getConfig().getUser());
        settings.put("env", sorted(container.getConfig().getEnv()));
        settings.put("image", container.getConfig().getImage());
        settings.put("command", Arrays.toString(container.getConfig().getCmd()));
        settings.put("drop", Arrays.toString(config.getCapDrop()));
        settings.put("add", Arrays.toString(config.getCapAdd()));
        settings.put("privileged", config.getPrivileged());
        settings.put("security", config.getSecurityOpts());
        settings.put("sysctls", config.getSysctls());
        settings.put("groups", String.valueOf(config.getGroupAdd()));
        settings.put("log", new TreeMap<>(config.getLogConfig().getConfig()).toString());
        settings.put("devices", Arrays.toString(config.getDevices()));
        Map<ExposedPort, String> ports = new TreeMap<>(Comparator.comparing(ExposedPort::toString));
        config.getPortBindings().getBindings().forEach((port, bindings) -> ports.put(port, bindings[0].getHostIp()));
        settings.put("ports", ports.toString());
        return settings;
    }

    private static List<String> sorted(String[] values) {
        return Arrays.stream(values).sorted().toList();
    }

    private static Stream<Mount> mounts(InspectContainerResponse container) {
        return container.getHostConfig().getMounts().stream().sorted(Comparator.comparing(Mount::getTarget));
    }

    private static List<String> describe(Stream<Mount> mounts) {
        return mounts.map(mount -> "%s %s %s %s"
                        .formatted(
                                mount.getType(),
                                mount.getSource(),
                                mount.getTarget(),
                                Boolean.TRUE.equals(mount.getReadOnly())))
                .toList();
    }
}
