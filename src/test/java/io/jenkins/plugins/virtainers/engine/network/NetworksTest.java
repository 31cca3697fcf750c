package io.jenkins.plugins.virtainers.engine.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.FakeGuests;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.guest.VmState;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerNetwork;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost.Call;
import io.jenkins.plugins.virtainers.engine.host.NetworkAddress;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.image.ImageSource;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.spec.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.spec.NetworkMode;
import io.jenkins.plugins.virtainers.engine.spec.Subnet;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which networks a machine is on, and how the project's own comes to be. */
class NetworksTest {
    private static final Ownership OWNER = Ownership.of("tests");
    private static final SshKeyPair SOME_KEY =
            new SshKeyPair("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO9OraDH3Ieio1HTwunN3WbtXbDzyQBt66U55sZ2lG8/ x", "");

    private final FakeContainerHost host = new FakeContainerHost();
    private final VmEngine engine =
            new VmEngine(host, new FakeGuests(), comment -> SOME_KEY, ImageSource.NONE, Clock.systemUTC());

    private static VmSpec.Builder spec() {
        return VmSpec.of(FakeContainerHost.IMAGE);
    }

    private Container create(VmSpec.Builder spec) throws InterruptedException {
        VmState.Booting booting = engine.create(spec.build(), OWNER, Progress.SILENT);
        return host.inspect(booting.vm().container().value()).orElseThrow();
    }

    private ContainerNetwork own() throws InterruptedException {
        return host.networks().orElseThrow().list().stream()
                .filter(network -> network.name().equals(Networks.OWN))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void makesItsOwnNetworkOnceAndPutsEveryMachineOnIt() throws Exception {
        assertEquals("virtainers", create(spec()).networks().get(0).network());
        create(spec());
        assertEquals(
                1, host.calls().stream().filter(Call.CREATE_NETWORK::equals).count());
        assertEquals(List.of(Subnet.parse("10.228.0.0/22")), own().subnets());
    }

    @Test
    void itsSubnetIsNeitherTheHostsNorAnotherNetworks() throws Exception {
        host.addNetwork("other", "10.228.0.0/16");
        host.setRoutes(Optional.of(List.of(Subnet.parse("10.229.3.0/24"), Subnet.parse("10.230.0.0/15"))));
        create(spec());
        assertEquals(List.of(Subnet.parse("10.232.0.0/22")), own().subnets());
    }

    @Test
    void itsSubnetIsNoneThatGuestsGiveToContainersOfTheirOwn() throws Exception {
        Matcher pools = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+/\\d+").matcher(daemon());
        create(spec());
        int found = 0;
        while (pools.find()) {
            Subnet pool = Subnet.parse(pools.group());
            found++;
            assertTrue(Networks.OF_GUESTS.contains(pool), pool.toString());
            assertFalse(own().subnets().get(0).overlaps(pool), pool.toString());
        }
        assertEquals(2, found);
    }

    private static String daemon() throws IOException {
        return Files.readString(Path.of("images/guest/rootfs/etc/docker/daemon.json"));
    }

    @Test
    void leavesTheSubnetToAHostWhoseRoutesCannotBeSeen() throws Exception {
        host.setRoutes(Optional.empty());
        create(spec());
        assertEquals(List.of(Subnet.parse("172.18.0.0/16")), own().subnets());
    }

    @Test
    void takesTheNetworkThatSomebodyElseMadeInTheSameMoment() throws Exception {
        host.overtakeNextNetwork(Networks.OWN, "10.240.0.0/22");
        assertEquals("virtainers", create(spec()).networks().get(0).network());
        assertEquals(List.of(Subnet.parse("10.240.0.0/22")), own().subnets());
    }

    @Test
    void triesAnotherSubnetWhenOneTurnsOutToBeInUse() throws Exception {
        host.failNext(Call.CREATE_NETWORK, Failure.NETWORK.because("It overlaps."));
        create(spec());
        assertEquals(List.of(Subnet.parse("10.229.0.0/22")), own().subnets());
    }

    @Test
    void saysThatNoSubnetIsFree() {
        host.addNetwork("all", "0.0.0.0/0");
        VirtainerException e = assertThrows(VirtainerException.class, () -> create(spec()));
        assertEquals(Failure.NETWORK, e.failure());
        assertTrue(e.getMessage().contains("every subnet that it could have is in use"), e.getMessage());
        assertTrue(host.isEmpty());
    }

    @Test
    void joinsTheNetworksThatWereNamedAndNoOther() throws Exception {
        host.addNetwork("one", "10.1.0.0/24");
        host.addNetwork("two", "10.2.0.0/24");
        Container container =
                create(spec().join(NetworkJoin.parse("one=10.1.0.7")).join(NetworkJoin.parse("two")));
        assertEquals(
                List.of(new NetworkAddress("one", "10.1.0.7"), new NetworkAddress("two", "192.0.2.2")),
                container.networks());
        assertFalse(host.calls().contains(Call.CREATE_NETWORK));
    }

    @ParameterizedTest
    @CsvSource({"NAT, six, true", "NAT, four, false", "BRIDGE, six, false", "USER, six, false"})
    void natRoutesTheIpv6ThatItsNetworkHas(NetworkMode mode, String network, boolean ipv6) throws Exception {
        host.addNetwork("four", "10.1.0.0/24");
        host.addNetwork(new ContainerNetwork("six", "bridge", List.of(Subnet.parse("10.2.0.0/24")), List.of(), true));
        create(spec().network(mode).join(NetworkJoin.parse(network)));
        assertEquals(ipv6, host.onlyContainer().request().ipv6());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nowhere          | There is no network nowhere on fake://host. There are: bridge, one. To make it: fake network create nowhere",
                "nowhere=10.3.2.7 | There is no network nowhere on fake://host. There are: bridge, one. To make it: fake network create --subnet 10.3.2.0/24 nowhere",
                "one=10.1.1.7     | Network one on fake://host does not have the address 10.1.1.7: it has 10.1.0.0/24.",
                "one=10.1.0.1     | Address 10.1.0.1 is already in use: network one on fake://host has it itself. Choose another.",
            })
    void saysWhatIsWrongBeforeItMakesAnything(String join, String sentence) {
        host.addNetwork(new ContainerNetwork(
                "one", "bridge", List.of(Subnet.parse("10.1.0.0/24")), List.of("10.1.0.1"), false));
        VirtainerException e =
                assertThrows(VirtainerException.class, () -> create(spec().join(NetworkJoin.parse(join))));
        assertEquals(Failure.NETWORK, e.failure());
        assertEquals(sentence, e.getMessage());
        assertTrue(host.isEmpty());
        assertFalse(host.calls().contains(Call.CREATE));
    }

    @Test
    void joinsNothingOnAHostThatLeavesNoChoice() throws Exception {
        host.lack(FakeContainerHost.Role.NETWORKS);
        create(spec());
        assertEquals(List.of(), host.onlyContainer().request().networks());
        assertFalse(host.calls().contains(Call.CREATE_NETWORK));
        Networks networks = engine.networks();
        assertEquals(Optional.empty(), networks.toMake(spec().build()));
        assertEquals(List.of(), networks.joined(spec().build()));
    }

    @Test
    void saysThatAHostHasNoNetworksToChooseFromBeforeItMakesAnything() {
        host.lack(FakeContainerHost.Role.NETWORKS);
        VirtainerException e =
                assertThrows(VirtainerException.class, () -> create(spec().join(NetworkJoin.parse("one"))));
        assertEquals(Failure.UNSUPPORTED, e.failure());
        assertEquals(
                "Cannot join network one on fake://host: a container host of this kind has no networks to choose from;"
                        + " Docker and Podman have.",
                e.getMessage());
        assertEquals(List.of(), host.calls());
    }

    @ParameterizedTest
    @ValueSource(strings = {"host", "none", "a b", "", "one=10.1.0.300", "one=10.1.0.0/24", "one="})
    void refusesAJoinThatIsNone(String join) {
        assertThrows(InvalidSpecException.class, () -> NetworkJoin.parse(join));
    }

    @Test
    void refusesOneNetworkTwice() {
        VmSpec.Builder twice = spec().join(NetworkJoin.parse("one")).join(NetworkJoin.parse("one=10.1.0.7"));
        assertThrows(InvalidSpecException.class, twice::build);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.9.0.0/16, true",
        "10.9.0.0/16, 10.0.0.0/8, true",
        "10.8.0.0/16, 10.9.0.0/16, false",
        "0.0.0.0/0, 192.168.0.1, true",
        "192.168.0.1, 192.168.0.2, false",
        "240.0.0.0/4, 255.255.255.255, true",
    })
    void knowsWhetherSubnetsOverlap(String one, String other, boolean overlap) {
        assertEquals(overlap, Subnet.parse(one).overlaps(Subnet.parse(other)));
    }

    @Test
    void writesASubnetAsPeopleDo() {
        assertEquals("255.255.252.0/22", Subnet.parse("255.255.255.7/22").toString());
        assertEquals(Optional.empty(), Subnet.find("fd00::/64"));
        assertThrows(InvalidSpecException.class, () -> Subnet.parse("10.0.0.0/33"));
    }
}
