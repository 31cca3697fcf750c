package io.jenkins.plugins.virtainers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.Acceleration;
import io.jenkins.plugins.virtainers.engine.BootMode;
import io.jenkins.plugins.virtainers.engine.DiskImage;
import io.jenkins.plugins.virtainers.engine.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.MemorySize;
import io.jenkins.plugins.virtainers.engine.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.VmName;
import io.jenkins.plugins.virtainers.engine.VmSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class VirtainerTemplateTest {
    private static final VmName NAME = new VmName("agent");

    private final VirtainerTemplate template = new VirtainerTemplate(" debian:12 ");

    @Test
    void needsOnlyAnImage() {
        VmSpec spec = template.toSpec(NAME, List.of("ssh-ed25519 AAAA test"));
        assertEquals("debian:12", spec.image().toString());
        assertEquals(2, spec.cpus());
        assertEquals(MemorySize.parse("2G"), spec.memory());
        assertEquals(Optional.of(Duration.ofMinutes(30)), spec.lease());
        assertTrue(spec.ephemeral());
        assertEquals(List.of("ssh-ed25519 AAAA test"), spec.authorizedKeys());
        assertEquals("debian:12", template.displayName());
        assertEquals(1, template.slots());
        assertEquals(OptionalInt.of(1), template.buildsPerAgent());
    }

    @Test
    void saysAllThatWasAskedFor() {
        template.setCpus(4);
        template.setMemory("8G");
        template.setDisk("20G");
        template.setAcceleration("tcg");
        template.setBoot("direct");
        template.setUserData("#cloud-config\n");
        template.setMetaData("instance-id: one");
        template.setEnvironment("# a remark\n\nOS_VARIANT=debian12\nEMPTY=\n");
        template.setBootTimeoutMinutes(3);
        VmSpec spec = template.toSpec(NAME, List.of());
        assertEquals(4, spec.cpus());
        assertEquals(MemorySize.parse("8G"), spec.memory());
        assertEquals("20G", spec.disk().orElseThrow().toString());
        assertEquals(Acceleration.TCG, spec.acceleration());
        assertEquals(BootMode.DIRECT, spec.boot());
        assertEquals(Map.of("OS_VARIANT", "debian12", "EMPTY", ""), spec.env());
        assertEquals(Duration.ofMinutes(3), spec.bootTimeout());
        assertEquals(Optional.of("#cloud-config"), spec.userData());
        assertEquals(Optional.of("instance-id: one"), spec.metaData());
    }

    @Test
    void hasItsAgentWaitWhereMachinesAreRestored() {
        assertTrue(template.agentMayWait());
        template.setBoot("cold");
        assertFalse(template.agentMayWait());
        template.setBoot("restore");
        assertTrue(template.agentMayWait());
        template.setAgentInTemplate(false);
        assertFalse(template.agentMayWait());
    }

    @Test
    void joinsTheNetworksAndHasTheScreenThatWereAskedFor() {
        template.setJoins("office=10.1.0.7\n\n lab \n");
        template.setScreen(true);
        VmSpec spec = template.toSpec(NAME, List.of());
        assertEquals(List.of(NetworkJoin.parse("office=10.1.0.7"), NetworkJoin.parse("lab")), spec.joins());
        assertTrue(spec.vnc().isPresent());
        assertNotEquals(spec.vnc(), template.toSpec(NAME, List.of()).vnc());
    }

    @Test
    void bootsADiskImageInPlaceOfTheGuestOfItsImage() {
        template.setDiskImage("https://images.example.org/fedora.qcow2");
        assertEquals(
                "Nobody can tell which login the disk image https://images.example.org/fedora.qcow2 has: give its user, such as fedora.",
                assertThrows(InvalidSpecException.class, () -> template.toSpec(NAME, List.of()))
                        .getMessage());
        template.setUser("fedora");
        template.setChecksum("abc");
        VmSpec spec = template.toSpec(NAME, List.of());
        assertEquals(Optional.of(new DiskImage.AtAddress("https://images.example.org/fedora.qcow2")), spec.diskImage());
        assertEquals(Optional.of("abc"), spec.checksum());
        assertEquals(Optional.of("fedora"), spec.user());
        template.setDiskImage("fedora.qcow2");
        assertEquals(
                "Disk image \"fedora.qcow2\" is no address: write one that begins with https:// or http://.",
                assertThrows(InvalidSpecException.class, () -> template.toSpec(NAME, List.of()))
                        .getMessage());
    }

    @Test
    void hasOneAgentAtATimeWhereItsDiskIsKept() {
        template.setInstanceCap(5);
        template.setData("kept");
        VmSpec spec = template.toSpec(NAME, List.of());
        assertEquals(Optional.of("kept"), spec.data());
        // It is shut down, and what it wrote is there.
        assertFalse(spec.ephemeral());
        assertEquals(Optional.of(Duration.ofMinutes(30)), spec.lease());
        assertEquals(OptionalInt.of(1), template.cap());
        // Machines of pipelines are as it is, and come and go beside each other.
        assertFalse(template.copyFor("debian:12").keepsDisk());
    }

    @Test
    void hasNoMoreExecutorsThanBuilds() {
        template.setExecutors(4);
        assertEquals(1, template.slots());
        template.setMaxBuilds(3);
        assertEquals(3, template.slots());
        template.setMaxBuilds(0);
        assertEquals(4, template.slots());
    }

    @Test
    void saysWhatIsWrong() {
        template.setMemory("lots");
        assertEquals(
                "Memory \"lots\" is not a size: write a whole number and a unit, such as 512M or 4G.",
                assertThrows(InvalidSpecException.class, () -> template.toSpec(NAME, List.of()))
                        .getMessage());
    }

    @Test
    void doesNotQuoteALineThatMayBeASecret() {
        template.setEnvironment("hunter2");
        assertEquals(
                "A line of the environment is not of the form NAME=VALUE.",
                assertThrows(InvalidSpecException.class, () -> template.toSpec(NAME, List.of()))
                        .getMessage());
    }

    @Test
    void namesAgentsAfterIt() {
        assertTrue(AgentName.of(template).matches("debian-12-[a-z0-9]{8}"), AgentName.of(template));
        template.setName("Größe: XL!");
        assertTrue(AgentName.of(template).matches("gr-e-xl-[a-z0-9]{8}"), AgentName.of(template));
        template.setName("???");
        assertTrue(AgentName.of(template).matches("agent-[a-z0-9]{8}"), AgentName.of(template));
        template.setName("x".repeat(200));
        assertEquals(59, new VmName(AgentName.of(template)).value().length());
    }

    @Test
    void isToldFromOthersOfItsCloudThatAreCalledTheSame() {
        VirtainerTemplate named = new VirtainerTemplate("fedora:30");
        named.setName("debian:12 2");
        VirtainerTemplate third = new VirtainerTemplate("debian:12");
        third.setLabels("large");
        VirtainerCloud cloud = new VirtainerCloud("vms");
        cloud.setTemplates(List.of(template, named, third));
        assertEquals("debian:12", template.displayName());
        assertEquals("debian:12 2", named.displayName());
        assertEquals("debian:12 3", third.displayName());
        cloud.setTemplates(List.of(third));
        assertEquals("debian:12", third.displayName());
    }
}
