package io.jenkins.plugins.virtainers.engine.template;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.agent.AgentJava;
import io.jenkins.plugins.virtainers.engine.agent.AgentProgram;
import io.jenkins.plugins.virtainers.engine.agent.WaitingAgent;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.FakeGuests;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.guest.VmState;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.FakeContainer;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.host.Volumes;
import io.jenkins.plugins.virtainers.engine.image.ImageSource;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.io.RuntimeEvent;
import io.jenkins.plugins.virtainers.engine.spec.BootMode;
import io.jenkins.plugins.virtainers.engine.spec.DiskImage;
import io.jenkins.plugins.virtainers.engine.spec.DiskSize;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When templates are made, and what guests may do with them. */
@Timeout(20)
class TemplatesTest {
    private static final Ownership OWNER = Ownership.of("tests");
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final String MAKER = "virtainer-template-0123456789ab";
    private static final SshKeyPair SOME_KEY =
            new SshKeyPair("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO9OraDH3Ieio1HTwunN3WbtXbDzyQBt66U55sZ2lG8/ x", "");

    private static final AgentProgram AGENT =
            AgentProgram.of("exec java", Map.of("a.jar", ContainerFile.Content.of("jar")));

    private final FakeContainerHost host = hostWithRuntime();
    private final VmEngine engine =
            new VmEngine(host, new FakeGuests(), comment -> SOME_KEY, ImageSource.NONE, Clock.systemUTC());

    @Test
    void guestsReadTemplatesAndCannotWriteThem() throws Exception {
        boot(spec().build());
        List<Volumes.Mount> volumes = host.onlyContainer().request().volumes();
        assertEquals(
                Optional.of(true),
                volumes.stream()
                        .filter(volume -> volume.path().equals("/templates"))
                        .map(Volumes.Mount::readOnly)
                        .findFirst());
        assertEquals(
                ContainerRequest.Rights.GUEST, host.onlyContainer().request().rights());
    }

    @Test
    void saysThatAHostKeepsNoTemplatesAndStartsNothing() throws Exception {
        host.lack(FakeContainerHost.Role.VOLUMES);
        VirtainerException e =
                assertThrows(VirtainerException.class, () -> engine.templates().list(Progress.SILENT));
        assertEquals(Failure.UNSUPPORTED, e.failure());
        assertEquals(
                "Cannot list templates on fake://host: a container host of this kind has no volumes;"
                        + " Docker and Podman have.",
                e.getMessage());
        assertThrows(VirtainerException.class, () -> engine.templates().remove(List.of(KEY), Progress.SILENT));
        assertFalse(host.calls().contains(FakeContainerHost.Call.CREATE));
    }

    @Test
    void aHostWithoutVolumesHasNoTemplateMadeBehindAGuest() throws Exception {
        host.lack(FakeContainerHost.Role.VOLUMES);
        bootWithoutTemplate(spec());
        assertEquals(List.of(), host.onlyContainer().request().volumes());
    }

    @Test
    void guestsThatBootAnywaySeeNoTemplates() throws Exception {
        boot(spec().boot(BootMode.DIRECT).build());
        assertEquals(List.of(), host.onlyContainer().request().volumes());
        assertEquals("direct", host.onlyContainer().request().env().get("BOOT"));
    }

    @Test
    void aContainerMakesTheTemplateThatAGuestLacked() throws Exception {
        bootWithoutTemplate(spec().cpus(2).memory(MemorySize.parse("2G")));
        ContainerRequest maker = host.container(MAKER).orElseThrow().request();
        assertEquals(List.of("warm", KEY), maker.command());
        assertEquals(ContainerRequest.Rights.TEMPLATES, maker.rights());
        assertEquals("2", maker.env().get("CPU"));
        assertEquals("2048", maker.env().get("RAM"));
        assertTrue(maker.volumes().stream().noneMatch(Volumes.Mount::readOnly));
        assertFalse(maker.labels().containsKey(Labels.OWNER), "it is nobody's virtual machine");
    }

    /** A guest's image may be anybody's, and whoever writes templates writes what others are restored from. */
    @Test
    void whoWritesTemplatesIsAlwaysOfTheRuntimeAndBorrowsTheGuest() throws Exception {
        String runtime = host.findImage(ImageRef.RUNTIME).orElseThrow().id();
        bootWithoutTemplate(spec());
        ContainerRequest maker = host.container(MAKER).orElseThrow().request();
        assertEquals(runtime, maker.image());
        assertEquals(Optional.empty(), host.container(MAKER + "-guest"), "the lender is gone");
        FakeContainer lender = host.removed().stream()
                .filter(gone -> gone.request().name().value().equals(MAKER + "-guest"))
                .findFirst()
                .orElseThrow();
        assertEquals(maker.borrows(), Optional.of(lender.id()));
        assertEquals(List.of(), lender.request().volumes());
        assertEquals(Optional.of("/guest"), lender.request().lends());
        assertFalse(lender.wasStarted(), "nothing of the guest's image runs");
        host.endNext(0, "virtainers: +9.000s template: is made");
        engine.warm(spec().build(), Progress.SILENT);
        host.endNext(0, "virtainers: +0.100s start: none");
        assertEquals(List.of(), engine.templates().list(Progress.SILENT));
        host.endNext(0, "virtainers: +0.100s start: none");
        engine.templates().remove(List.of(KEY), Progress.SILENT);
        List<FakeContainer> writers = host.removed().stream()
                .filter(gone -> gone.request().rights() != ContainerRequest.Rights.GUEST)
                .toList();
        assertEquals(3, writers.size());
        writers.forEach(writer -> assertEquals(runtime, writer.request().image()));
    }

    @Test
    void aHostWithoutTheRuntimeGetsItBehindItsGuestsWhoseTemplateIsMadeNextTime() throws Exception {
        host.removeImage(ImageRef.RUNTIME);
        bootWithoutTemplate(spec());
        assertEquals(Optional.empty(), host.container(MAKER));
        await().until(() -> host.calls().contains(FakeContainerHost.Call.PULL));
        host.addImage(ImageRef.RUNTIME, Map.of(Labels.CONTRACT, "1"));
        bootWithoutTemplate(spec());
        assertTrue(host.container(MAKER).isPresent());
    }

    @Test
    void aHostThatNeverHadAnImageHasNoTemplateAndIsAskedForNone() throws Exception {
        host.removeImage(ImageRef.RUNTIME);
        host.removeImage(FakeContainerHost.IMAGE);
        assertEquals(List.of(), engine.templates().list(Progress.SILENT));
        VirtainerException e =
                assertThrows(VirtainerException.class, () -> engine.templates().remove(List.of(KEY), Progress.SILENT));
        assertEquals(Failure.USAGE, e.failure());
        assertFalse(host.calls().contains(FakeContainerHost.Call.PULL));
    }

    @Test
    void whoMakesTheTemplateOfAFetchedImageSeesWhatWasFetched() throws Exception {
        bootWithoutTemplate(spec().diskImage(new DiskImage.AtAddress("https://example.org/i"))
                .user("fedora")
                .disk(DiskSize.parse("20G")));
        ContainerRequest maker = host.container(MAKER).orElseThrow().request();
        assertEquals("https://example.org/i", maker.env().get("IMAGE_URL"));
        assertEquals("20G", maker.env().get("DISK_SIZE"));
        assertTrue(maker.volumes().contains(new Volumes.Mount("virtainers-images", "/images", false)));
    }

    @Test
    void aGuestThatHadItsTemplateHasNoneMade() throws Exception {
        VmState.Booting booting = boot(spec().build());
        host.onlyContainer().says("virtainers: +0.100s rung: restore: template " + KEY);
        host.onlyContainer().says("virtainers: +0.900s ready: SSH answers on port 22");
        engine.awaitReady(booting, Duration.ofSeconds(10), Progress.SILENT);
        assertEquals(Optional.empty(), host.container(MAKER));
    }

    @Test
    void aTemplateThatIsBeingMadeIsLeftToItsMaker() throws Exception {
        bootWithoutTemplate(spec());
        ContainerId first = host.container(MAKER).orElseThrow().id();
        bootWithoutTemplate(spec());
        assertEquals(first, host.container(MAKER).orElseThrow().id());
    }

    @Test
    void itsMakerLeavesNothingBehind() throws Exception {
        bootWithoutTemplate(spec());
        host.container(MAKER).orElseThrow().end(0);
        assertEquals(Optional.empty(), host.container(MAKER));
    }

    @Test
    void tellsBeforeItIsReadyThatAGuestLacksItsTemplate() throws Exception {
        VmState.Booting booting = boot(spec().build());
        host.onlyContainer().says("virtainers: +0.100s template: wanted " + KEY);
        host.onlyContainer().says("virtainers: +0.101s rung: direct: there is no template " + KEY + " yet");
        assertEquals(Optional.empty(), awaitUnlessMissing(booting));
        assertEquals(Optional.empty(), host.container(MAKER), "which is the caller's business");
    }

    @Test
    void waitsForAGuestThatIsRestored() throws Exception {
        VmState.Booting booting = boot(spec().build());
        host.onlyContainer().says("virtainers: +0.100s rung: restore: template " + KEY);
        host.onlyContainer().says("virtainers: +0.900s ready: SSH answers on port 22");
        assertEquals(booting.vm(), awaitUnlessMissing(booting).orElseThrow().vm());
    }

    @Test
    void waitsForAGuestThatCannotBeRestored() throws Exception {
        VmState.Booting booting = boot(spec().build());
        host.onlyContainer()
                .says("virtainers: +0.100s rung: direct: cloud-init applies user-data while the guest boots");
        host.onlyContainer().says("virtainers: +9.000s ready: SSH answers on port 22");
        assertEquals(booting.vm(), awaitUnlessMissing(booting).orElseThrow().vm());
    }

    @Test
    void saysThatAGuestEndedBeforeItWasReady() throws Exception {
        VmState.Booting booting = boot(spec().build());
        host.onlyContainer().end(64);
        assertEquals(
                Failure.USAGE,
                assertThrows(VirtainerException.class, () -> awaitUnlessMissing(booting))
                        .failure());
    }

    private Optional<VmState.Ready> awaitUnlessMissing(VmState.Booting booting) throws InterruptedException {
        return engine.awaitReadyUnlessTemplateIsMissing(booting, Duration.ofSeconds(10), Progress.SILENT);
    }

    @Test
    void theMakerOfATemplateWithAnAgentHasItsFiles() throws Exception {
        bootWithoutTemplate(spec().agent(AGENT));
        FakeContainer maker = host.container(MAKER).orElseThrow();
        assertEquals(AGENT.digest(), maker.request().env().get("AGENT"));
        assertEquals(
                Set.of("/tmp/agent/start", "/tmp/agent/a.jar"), maker.files().keySet());
    }

    @Test
    void theMakerOfATemplateWithUserDataHasItWhereItIsShared() throws Exception {
        bootWithoutTemplate(spec().userData("#cloud-config\n{}\n").shareUserData());
        FakeContainer maker = host.container(MAKER).orElseThrow();
        assertEquals(
                ContainerFile.Content.of("#cloud-config\n{}\n").sha256(),
                maker.request().env().get("SHARED_USER_DATA"));
        assertEquals(Set.of("/tmp/user-data"), maker.files().keySet());
    }

    @Test
    void userDataThatIsNotSharedIsNoTemplatesBusiness() throws Exception {
        bootWithoutTemplate(
                spec().userData("#cloud-config\n{}\n").shareUserData().userData("#cloud-config\n# secret\n"));
        FakeContainer maker = host.container(MAKER).orElseThrow();
        assertEquals(null, maker.request().env().get("SHARED_USER_DATA"));
        assertEquals(Set.of(), maker.files().keySet());
    }

    @Test
    void anAgentThatNobodyHereAskedForIsNotMadeToWait() throws Exception {
        VmState.Booting booting = boot(spec().agent(AGENT).build());
        VmEngine another =
                new VmEngine(host, new FakeGuests(), comment -> SOME_KEY, ImageSource.NONE, Clock.systemUTC());
        host.onlyContainer().says("virtainers: +0.100s template: wanted " + KEY);
        host.onlyContainer().says("virtainers: +9.000s ready: SSH answers on port 22");
        another.awaitReady(booting, Duration.ofSeconds(10), Progress.SILENT);
        assertEquals(Optional.empty(), host.container(MAKER));
    }

    @Test
    void anAgentIsKnownByWhatSha256sumPrintsOfItsFiles() {
        // (cd agent && LC_ALL=C sha256sum * | sha256sum), of "a.jar" with "jar" in it and "start" with "exec java".
        assertEquals("14b6c7b93d1b5f817af914886a6b8b56b1b2d011be9da6a89b9b52bdd1cbf15e", AGENT.digest());
        assertNotEquals(
                AGENT.digest(), AgentProgram.of("exec java -x", Map.of()).digest());
    }

    @Test
    void anAgentHasAStartAndFilesInNoOtherFolder() {
        SortedMap<String, ContainerFile.Content> none = new TreeMap<>();
        assertThrows(IllegalArgumentException.class, () -> new AgentProgram(none));
        Map<String, ContainerFile.Content> outside = Map.of("../passwd", ContainerFile.Content.of(""));
        assertThrows(IllegalArgumentException.class, () -> AgentProgram.of("exec java", outside));
    }

    @Test
    void aJenkinsAgentStartsInItsDirectoryWhateverItIsCalled() {
        AgentProgram jenkins = AgentProgram.ofJenkins(
                ContainerFile.Content.of("jar"),
                AgentProgram.ControllerClasses.NONE,
                AgentJava.of("my java"),
                "-Xmx64m -Da=b",
                "/srv/a b");
        assertEquals(
                ContainerFile.Content.of(
                        "java='my java'\nmkdir -p '/srv/a b' && cd '/srv/a b' && exec \"$java\" -Xmx64m -Da=b -cp"
                                + " /run/virtainers/agent/remoting.jar:/run/virtainers/agent/warm-up.jar "
                                + WaitingAgent.class.getName()
                                + " /run/virtainers/agent/first-calls.jar - -jar-cache remoting/jarCache -workDir '/srv/a b'\n"),
                jenkins.files().get("start"));
    }

    @Test
    void aJenkinsAgentHasItsControllersClasses() {
        ContainerFile.Content abc = ContainerFile.Content.of("abc");
        ContainerFile.Content kept = ContainerFile.Content.of("kept");
        SortedMap<String, ContainerFile.Content> files = AgentProgram.ofJenkins(
                        ContainerFile.Content.of("jar"),
                        new AgentProgram.ControllerClasses(
                                List.of(abc), List.of(kept), List.of(TemplatesTest.class.getName())),
                        AgentJava.of("java"),
                        "",
                        "/srv")
                .files();
        String core = "core-ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad.jar";
        assertEquals(abc, files.get(core));
        assertEquals(kept, files.get("kept-" + kept.sha256() + ".jar"));
        String start = new String(files.get("start").bytes(), StandardCharsets.UTF_8);
        assertTrue(start.contains("warm-up.jar:/run/virtainers/agent/" + core + " "), start);
        assertTrue(start.contains("first-calls.jar " + TemplatesTest.class.getName() + " -jar-cache"), start);
        assertFalse(start.contains("kept-"), start);
    }

    @Test
    void aGuestIsReadyThoughItsTemplateCannotBeMade() throws Exception {
        VmState.Booting booting = boot(spec().build());
        host.failNext(FakeContainerHost.Call.CREATE, Failure.ENGINE_REFUSED.because("No space."));
        assertEquals(booting.vm(), readyWithoutTemplate(booting).vm());
        assertEquals(Optional.empty(), host.container(MAKER));
    }

    @Test
    void warmingSaysWhyNoTemplateCouldBeMade() {
        VmSpec spec = spec().build();
        host.endNext(73, "virtainers: +9.000s failed: disk-full: there is no room for the template in /templates");
        VirtainerException e = assertThrows(VirtainerException.class, () -> engine.warm(spec, Progress.SILENT));
        assertEquals(Failure.DISK_FULL, e.failure());
        assertTrue(e.getMessage().contains("no room for the template"), e.getMessage());
        assertTrue(host.isEmpty());
    }

    @Test
    void readsTheRuntimesList() {
        MemoryTemplate template = MemoryTemplate.parse(KEY
                        + "\tDebian GNU/Linux 12\t2\t1024\ttcg\t10.0.13 (Debian)\t1700000000\t1700000001\t350924800\t")
                .orElseThrow();
        assertEquals(MemorySize.parse("1G"), template.memory());
        assertEquals(Instant.ofEpochSecond(1700000001), template.used());
        assertEquals(Optional.empty(), template.setAside());
        assertEquals(Optional.empty(), MemoryTemplate.parse("no template at all"));
    }

    @Test
    void aWantedTemplateIsOneThatTheRuntimeNames() {
        assertEquals(Optional.of(KEY), Templates.wanted(new RuntimeEvent(Duration.ZERO, "template", "wanted " + KEY)));
        assertEquals(
                Optional.empty(), Templates.wanted(new RuntimeEvent(Duration.ZERO, "template", KEY + " is there")));
        assertEquals(Optional.empty(), Templates.wanted(new RuntimeEvent(Duration.ZERO, "rung", "wanted " + KEY)));
    }

    private static FakeContainerHost hostWithRuntime() {
        FakeContainerHost host = new FakeContainerHost();
        host.addImage(ImageRef.RUNTIME, Map.of(Labels.CONTRACT, "1"));
        return host;
    }

    private static VmSpec.Builder spec() {
        return VmSpec.of(FakeContainerHost.IMAGE);
    }

    private VmState.Booting boot(VmSpec spec) throws InterruptedException {
        return engine.create(spec, OWNER, Progress.SILENT);
    }

    private void bootWithoutTemplate(VmSpec.Builder spec) throws InterruptedException {
        readyWithoutTemplate(boot(spec.build()));
    }

    private VmState.Ready readyWithoutTemplate(VmState.Booting booting) throws InterruptedException {
        FakeContainer guest = host.container(booting.vm().name().value()).orElseThrow();
        guest.says("virtainers: +0.100s template: wanted " + KEY);
        guest.says("virtainers: +9.000s ready: SSH answers on port 22");
        return engine.awaitReady(booting, Duration.ofSeconds(10), Progress.SILENT);
    }
}
