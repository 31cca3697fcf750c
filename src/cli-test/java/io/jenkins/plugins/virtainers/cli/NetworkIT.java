package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.docker.LiarImage;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.host.ContainerNetwork;
import io.jenkins.plugins.virtainers.engine.network.Networks;
import io.jenkins.plugins.virtainers.engine.spec.Subnet;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Networks that machines join, on a real engine. Needs root and virtainers/debian:12. */
class NetworkIT extends CommandTest {
    private static final Subnet ONE = Subnet.parse("10.252.1.0/24");
    private static final Subnet TWO = Subnet.parse("10.252.2.0/24");

    private final String one = "vit-one-" + ProcessHandle.current().pid();
    private final String two = "vit-two-" + ProcessHandle.current().pid();

    @BeforeEach
    void makeNetworks() throws Exception {
        LiarImage.build(endpoint);
        host.networks().orElseThrow().create(one, Optional.of(ONE));
        host.networks().orElseThrow().create(two, Optional.of(TWO));
    }

    @AfterEach
    void removeNetworks() throws Exception {
        host.networks().orElseThrow().remove(one);
        host.networks().orElseThrow().remove(two);
    }

    @Test
    void aMachineOnTwoNetworksAnswersAtItsAddressOnEach() throws Exception {
        String name = name();
        CommandRun run = start(
                "run",
                "--name",
                name,
                "--network",
                "nat",
                "--join",
                one + "=10.252.1.10",
                "--join",
                two + "=10.252.2.20",
                "debian:12");
        assertEquals(0, run.status(), run.err());
        try {
            assertEquals("10.252.1.10", printed("ip", "--network", one, name));
            assertEquals(
                    Set.of("10.252.1.10 " + one, "10.252.2.20 " + two),
                    Set.of(printed("ip", "--all", name).split("\n")));
            for (String address : List.of("10.252.1.10", "10.252.2.20")) {
                try (Socket socket = new Socket(address, 22)) {
                    assertEquals("SSH-", new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII));
                }
            }
            expect(
                    Failure.CONNECTION_LOST.exitStatus(),
                    "is not on network virtainers",
                    "ip",
                    "--network",
                    "virtainers",
                    name);
        } finally {
            expect(0, "", "rm", name);
        }
    }

    @Test
    void aMachineBehindNatHasTheIpv6OfItsNetwork() throws Exception {
        String name = name();
        String six = "vit-six-" + ProcessHandle.current().pid();
        docker("network", "create", "--ipv6", "--subnet", "fd00:252:3::/64", "--subnet", "10.252.3.0/24", six);
        try {
            CommandRun run = start("run", "--name", name, "--network", "nat", "--join", six, "debian:12");
            assertEquals(0, run.status(), run.err());
            try {
                // The host's own address there. A guest may hear of its network some seconds after it is ready.
                Awaitility.await("the guest's IPv6")
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> start("ssh", name, "--", "ping", "-6", "-c", "1", "-W", "5", "fd00:252:3::1")
                                        .status()
                                == 0);
                String address = docker(
                                "inspect",
                                "-f",
                                "{{range .NetworkSettings.Networks}}{{.GlobalIPv6Address}}{{end}}",
                                name)
                        .strip();
                try (Socket socket = new Socket(address, 22)) {
                    assertEquals("SSH-", new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII));
                }
            } finally {
                assertEquals(0, start("rm", name).status());
            }
        } finally {
            docker("network", "rm", six);
        }
    }

    @Test
    void aMachineThatJoinsNothingIsOnTheProjectsOwnNetwork() throws Exception {
        lying(Failure.GUEST_FAILED, "panicked", "panic");
        ContainerNetwork own = host.networks().orElseThrow().list().stream()
                .filter(network -> network.name().equals(Networks.OWN))
                .findFirst()
                .orElseThrow();
        assertEquals(1, own.subnets().size());
        for (Subnet route : host.networks().orElseThrow().routes().orElseThrow()) {
            boolean itself = route.equals(own.subnets().get(0));
            assertTrue(itself || !route.overlaps(own.subnets().get(0)), route + " and " + own);
        }
    }

    @Test
    void aNetworkThatIsNotThereIsASentence() {
        lying(Failure.NETWORK, "There is no network vit-nowhere on", "idle", "--join", "vit-nowhere");
    }

    @Test
    void anAddressOutOfRangeIsASentence() {
        lying(
                Failure.NETWORK,
                "does not have the address 10.252.3.1: it has 10.252.1.0/24",
                "idle",
                "--join",
                one + "=10.252.3.1");
    }

    @Test
    void anAddressThatIsTakenIsASentence() {
        // The network's own router has it.
        lying(Failure.NETWORK, "already in use", "idle", "--join", one + "=10.252.1.1");
    }

    @Test
    void aMacvlanNetworkWhoseParentIsGoneIsASentence() throws Exception {
        String parent = "vit" + ProcessHandle.current().pid() % 100_000;
        String outer = "vit-outer-" + ProcessHandle.current().pid();
        shell("ip", "link", "add", parent, "type", "veth", "peer", "name", parent + "p");
        docker("network", "create", "-d", "macvlan", "--subnet", "10.252.9.0/24", "-o", "parent=" + parent, outer);
        try {
            shell("ip", "link", "del", parent);
            lying(Failure.NETWORK, "the engine says", "idle", "--join", outer);
        } finally {
            docker("network", "rm", outer);
        }
    }

    private String printed(String... arguments) {
        CommandRun run = start(arguments);
        assertEquals(0, run.status(), run.err());
        return run.out().strip();
    }

    /** Leaves nothing, as the test's end makes sure of. */
    private void lying(Failure failure, String words, String lie, String... more) {
        String[] before = {"exec", "--name", name(), "--env", "LIE=" + lie};
        String[] after = {"liar:1", "--", "true"};
        String[] all = java.util.stream.Stream.of(before, more, after)
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new);
        expect(failure.exitStatus(), words, all);
    }

    private static void shell(String... words) throws IOException, InterruptedException {
        assertEquals(
                0,
                new ProcessBuilder(words)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start()
                        .waitFor());
    }
}
