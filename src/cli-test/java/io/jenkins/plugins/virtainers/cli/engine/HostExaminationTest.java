package io.jenkins.plugins.virtainers.cli.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.guest.FakeGuests;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.image.ImageSource;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.junit.jupiter.api.Test;

/** What doctor says of six kinds of hosts. */
class HostExaminationTest {
    private final FakeContainerHost host = new FakeContainerHost();

    /** As it is printed. */
    private String said() throws InterruptedException {
        VmEngine engine = new VmEngine(host, new FakeGuests(), new OpenSshKeys(), ImageSource.NONE, Clock.systemUTC());
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream output = new PrintStream(printed, true, StandardCharsets.UTF_8);
        new HostExamination(engine, Ownership.of("test"), false).findings().forEach(finding -> finding.print(output));
        assertTrue(host.isEmpty(), "a probe is left");
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static String answer(boolean kvm, String why) {
        return "{\"kvm\":%s,\"why\":\"%s\",\"group\":null,\"qemu\":\"10.0.7\"}".formatted(kvm, why);
    }

    @Test
    void aHostWithoutADeviceEmulates() throws Exception {
        host.setProbe(answer(false, "there is no /dev/kvm in the container"));
        assertContains("!   acceleration  emulation only: there is no /dev/kvm in the container; QEMU 10.0.7\n");
        assertContains("→ Guests boot in most of a minute.");
    }

    @Test
    void aDeviceThatNobodyMayOpenIsTold() throws Exception {
        host.setKvm(HostInfo.KvmDevice.PRESENT);
        host.setProbe(answer(false, "/dev/kvm does not open for uid 1000; its mode on the host is 600"));
        assertContains(
                "!   acceleration  emulation only: /dev/kvm does not open for uid 1000; its mode on the host is 600");
    }

    @Test
    void aDeviceThatRefusesQemuIsToldInItsWords() throws Exception {
        host.setKvm(HostInfo.KvmDevice.PRESENT);
        host.setProbe(answer(false, "KVM refuses: error: failed to set MSR 0x10a to 0x0"));
        assertContains(
                "!   acceleration  emulation only: KVM refuses: error: failed to set MSR 0x10a to 0x0; QEMU 10.0.7\n");
    }

    @Test
    void aDeviceThatWorksIsFine() throws Exception {
        host.setKvm(HostInfo.KvmDevice.PRESENT);
        host.setProbe(answer(true, "/dev/kvm works"));
        assertContains("ok  acceleration  KVM works, QEMU 10.0.7\n");
    }

    @Test
    void onAnotherMachineTheGroupOfTheDeviceIsFoundByAContainer() throws Exception {
        host.moveAway();
        host.hideKvm("993");
        assertContains("ok  client        on another machine than the engine\n");
        assertContains("ok  acceleration  KVM works for group 993, QEMU 10.0\n");
    }

    @Test
    void inAContainerItIsFoundByAnother() throws Exception {
        host.hideKvm("993");
        assertContains("ok  client        in a container, which does not see its host's devices\n");
        assertContains("ok  acceleration  KVM works for group 993, QEMU 10.0\n");
    }

    private void assertContains(String words) throws InterruptedException {
        String said = said();
        assertTrue(said.contains(words), said);
        assertEquals(0, said.lines().filter(line -> line.startsWith("x")).count(), said);
    }
}
