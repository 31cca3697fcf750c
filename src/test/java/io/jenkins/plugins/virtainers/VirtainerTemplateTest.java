package io.jenkins.plugins.virtainers;

import static io.jenkins.plugins.virtainers.TemplateChanges.agent;
import static io.jenkins.plugins.virtainers.TemplateChanges.boot;
import static io.jenkins.plugins.virtainers.TemplateChanges.hardware;
import static io.jenkins.plugins.virtainers.TemplateChanges.life;
import static io.jenkins.plugins.virtainers.TemplateChanges.network;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.agent.AgentName;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.spec.Acceleration;
import io.jenkins.plugins.virtainers.engine.spec.BootMode;
import io.jenkins.plugins.virtainers.engine.spec.DiskImage;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import io.jenkins.plugins.virtainers.engine.spec.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
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
        assertEquals(OptionalInt.of(1), template.life().buildsPerAgent());
    }

    @Test
    void saysAllThatWasAskedFor() {
        template.setCpus(4);
        template.setMemory("8G");
        hardware(template, hardware -> hardware.setDisk("20G"));
        hardware(template, hardware -> hardware.setAcceleration("tcg"));
        boot(template, boot -> boot.setMode("direct"));
        boot(template, boot -> boot.setUserData("#cloud-config\n"));
        boot(template, boot -> boot.setStrict(true));
        boot(template, boot -> boot.setMetaData("instance-id: one"));
        boot(template, boot -> boot.setEnvironment("# a remark\n\nOS_VARIANT=debian12\nEMPTY=\n"));
        boot(template, boot -> boot.setTimeoutMinutes(3));
        VmSpec spec = template.toSpec(NAME, List.of());
        assertEquals(4, spec.cpus());
        assertEquals(MemorySize.parse("8G"), spec.memory());
        assertEquals("20G", spec.disk().orElseThrow().toString());
        assertEquals(Acceleration.TCG, spec.acceleration());
        assertEquals(BootMode.DIRECT, spec.boot());
        assertEquals(Map.of("STRICT", "yes", "OS_VARIANT", "debian12", "EMPTY", ""), spec.env());
        assertEquals(Duration.ofMinutes(3), spec.bootTimeout());
        assertEquals(Optional.of("#cloud-config"), spec.userData());
        assertTrue(spec.userDataShared());
        assertEquals(Optional.of("instance-id: one"), spec.metaData());
    }

    @Test
    void sharesNoUserDataThatOneMachineAloneHas() {
        boot(template, boot -> boot.setUserDataOfOne("#cloud-config\n"));
        VmSpec spec = template.copyFor("debian:12").toSpec(NAME, List.of());
        assertEquals(Optional.of("#cloud-config"), spec.userData());
        assertFalse(spec.userDataShared());
    }

    @Test
    void runsItsInitScriptInTheMemoryTemplateIfAsked() {
        agent(template, agent -> agent.setInitScript("apt-get install -y git\r\necho done"));
        assertEquals(Optional.empty(), template.toSpec(NAME, List.of()).userData());
        agent(template, agent -> agent.setInitScriptInTemplate(true));
        VmSpec spec = template.toSpec(NAME, List.of());
        assertTrue(spec.userDataShared());
        assertTrue(spec.userData().orElseThrow().startsWith("#!/bin/sh\n"));
        assertTrue(spec.userData()
                .orElseThrow()
                .contains(Base64.getEncoder()
                        .encodeToString("apt-get install -y git\necho done\n".getBytes(StandardCharsets.UTF_8))));
        boot(template, boot -> boot.setUserData("#cloud-config\n{}"));
        assertEquals(
                Optional.of("#cloud-config\n{}"),
                template.toSpec(NAME, List.of()).userData());
        assertEquals(Optional.empty(), template.scriptOfTemplate());
    }

    @Test
    void hasItsAgentWaitWhereMachinesAreRestored() {
        assertTrue(template.agentMayWait());
        boot(template, boot -> boot.setMode("cold"));
        assertFalse(template.agentMayWait());
        boot(template, boot -> boot.setMode("restore"));
        assertTrue(template.agentMayWait());
        agent(template, agent -> agent.setInTemplate(false));
        assertFalse(template.agentMayWait());
    }

    @Test
    void joinsTheNetworksAndHasTheScreenThatWereAskedFor() {
        network(template, network -> network.setJoins("office=10.1.0.7\n\n lab \n"));
        hardware(template, hardware -> hardware.setScreen(true));
        VmSpec spec = template.toSpec(NAME, List.of());
        assertEquals(List.of(NetworkJoin.parse("office=10.1.0.7"), NetworkJoin.parse("lab")), spec.joins());
        assertTrue(spec.vnc().isPresent());
        assertNotEquals(spec.vnc(), template.toSpec(NAME, List.of()).vnc());
    }

    @Test
    void bootsADiskImageInPlaceOfTheGuestOfItsImage() {
        boot(template, boot -> boot.setDiskImage("https://images.example.org/fedora.qcow2"));
        assertEquals(
                "Nobody can tell which login the disk image https://images.example.org/fedora.qcow2 has: give its user, such as fedora.",
                assertThrows(InvalidSpecException.class, () -> template.toSpec(NAME, List.of()))
                        .getMessage());
        boot(template, boot -> boot.setUser("fedora"));
        boot(template, boot -> boot.setChecksum("abc"));
        VmSpec spec = template.toSpec(NAME, List.of());
        assertEquals(Optional.of(new DiskImage.AtAddress("https://images.example.org/fedora.qcow2")), spec.diskImage());
        assertEquals(Optional.of("abc"), spec.checksum());
        assertEquals(Optional.of("fedora"), spec.user());
        boot(template, boot -> boot.setDiskImage("fedora.qcow2"));
        assertEquals(
                "Disk image \"fedora.qcow2\" is no address: write one that begins with https:// or http://.",
                assertThrows(InvalidSpecException.class, () -> template.toSpec(NAME, List.of()))
                        .getMessage());
    }

    @Test
    void hasOneAgentAtATimeWhereItsDiskIsKept() {
        life(template, life -> life.setInstanceCap(5));
        boot(template, boot -> boot.setData("kept"));
        VmSpec spec = template.toSpec(NAME, List.of());
        assertEquals(Optional.of("kept"), spec.data());
        // It is shut down, and what it wrote is there.
        assertFalse(spec.ephemeral());
        assertEquals(Optional.of(Duration.ofMinutes(30)), spec.lease());
        assertEquals(OptionalInt.of(1), template.cap());
        // Machines of pipelines are as it is, and come and go beside each other.
        assertFalse(template.copyFor("debian:12").boot().keepsDisk());
    }

    @Test
    void hasNoMoreExecutorsThanBuilds() {
        agent(template, agent -> agent.setExecutors(4));
        assertEquals(1, template.slots());
        life(template, life -> life.setMaxBuilds(3));
        assertEquals(3, template.slots());
        life(template, life -> life.setMaxBuilds(0));
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
        boot(template, boot -> boot.setEnvironment("hunter2"));
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

    @Test
    void goesByItsIdWhateverItIsCalledAndWhereverItStands() {
        template.setId("one");
        VirtainerTemplate twin = new VirtainerTemplate("debian:12");
        twin.setId("two");
        VirtainerCloud cloud = new VirtainerCloud("vms");
        cloud.setTemplates(List.of(template, twin));
        assertEquals("two", twin.key());
        twin.setName("renamed");
        cloud.setTemplates(List.of(twin));
        assertEquals("two", twin.key());
        assertEquals("renamed", twin.displayName());
    }

    @Test
    void goesByWhatItIsCalledWhereItHasNoId() {
        VirtainerCloud cloud = new VirtainerCloud("vms");
        VirtainerTemplate twin = new VirtainerTemplate("debian:12");
        cloud.setTemplates(List.of(template, twin));
        assertEquals("debian:12", template.key());
        assertEquals("debian:12 2", twin.key());
    }

    @Test
    void hasAnIdOfItsOwnWhereAnotherHasTheSame() {
        template.setId("one");
        VirtainerTemplate twin = new VirtainerTemplate("debian:12");
        twin.setId("one");
        VirtainerCloud cloud = new VirtainerCloud("vms");
        cloud.setTemplates(List.of(template, twin));
        assertEquals("one", template.key());
        assertNotEquals("one", twin.key());
        assertEquals(twin.getId(), twin.key());
    }

    @Test
    void leavesOutAGroupThatSaysNothing() {
        template.setBoot(new TemplateBoot());
        assertNull(template.getBoot());
        boot(template, boot -> boot.setUser("fedora"));
        assertNotNull(template.getBoot());
        boot(template, boot -> boot.setUser(null));
        assertNull(template.getBoot());
    }
}
