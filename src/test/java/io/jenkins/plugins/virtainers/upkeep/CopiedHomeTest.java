package io.jenkins.plugins.virtainers.upkeep;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.ExtensionList;
import io.jenkins.plugins.virtainers.TemplateChanges;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.agent.VirtainerAgent;
import io.jenkins.plugins.virtainers.cleanup.Disposals;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.fleet.FakeEngines;
import io.jenkins.plugins.virtainers.fleet.Installation;
import io.jenkins.plugins.virtainers.pages.CopiedHome;
import io.jenkins.plugins.virtainers.provisioning.Provisioning;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** A Jenkins that starts with a copy of another's home, on the same container host. */
class CopiedHomeTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @TempDir
    Path workspace;

    /** The host outlives each Jenkins. */
    private final FakeEngines engines = new FakeEngines();

    private String name;
    private String agentName;
    private ContainerId machine;

    @Test
    void touchesNoMachineOfTheOriginalUntilItIsSaidToBeItsOwn() throws Throwable {
        sessions.then(this::hasAMachineReady);
        sessions.then(this::leavesItAlone);
        sessions.then(this::takesItOver);
    }

    private void hasAMachineReady(JenkinsRule jenkins) throws Exception {
        engines.add();
        VirtainerTemplate template = FakeEngines.template(workspace);
        TemplateChanges.life(template, life -> life.setMinReady(1));
        jenkins.jenkins.clouds.add(FakeEngines.cloud("vms", template));
        jenkins.jenkins.save();
        Provisioning.get().topUp();
        // Not before its launch is over: one that is launched while Jenkins ends is given up.
        await("an agent").atMost(SOON).until(() -> VirtainerAgent.all().anyMatch(VirtainerAgent::wasEverOnline));
        name = Installation.owner();
        VirtainerAgent agent = VirtainerAgent.all()
                .filter(VirtainerAgent::wasEverOnline)
                .findFirst()
                .orElseThrow();
        agentName = agent.getNodeName();
        machine = new ContainerId(agent.container().orElseThrow());
        makeACopyOf(jenkins.jenkins.getRootDir());
    }

    /** Of the two files, which is what it is told by; everything else stays where it is. */
    private void makeACopyOf(File home) throws Exception {
        Path mark = home.toPath().resolve("virtainers-installation");
        File copy = workspace.resolve("mark").toFile();
        FileUtils.copyFile(mark.toFile(), copy, true);
        Path kept = workspace.resolve("kept");
        Files.move(mark, kept);
        FileUtils.copyFile(copy, mark.toFile(), true);
    }

    private void leavesItAlone(JenkinsRule jenkins) throws Exception {
        engines.add();
        FakeContainerHost host = engines.host();
        CopiedHome monitor = ExtensionList.lookupSingleton(CopiedHome.class);
        assertTrue(monitor.isActivated());
        int renewals = Collections.frequency(host.calls(), FakeContainerHost.Call.TOUCH);
        ExtensionList.lookupSingleton(LeaseRenewal.class).renew();
        assertEquals(renewals, Collections.frequency(host.calls(), FakeContainerHost.Call.TOUCH));
        host.advance(Duration.ofMinutes(10));
        Reaping.onEveryHost();
        // What was tried before the host was there is tried again.
        await("its agent is gone").atMost(SOON).until(() -> {
            Disposals.get().retry();
            return VirtainerAgent.find(agentName).isEmpty()
                    && Disposals.get().pending().isEmpty();
        });
        host.killAll(0);
        Reaping.onEveryHost();
        assertTrue(isThere(host), "it is another's");
        String page = jenkins.createWebClient().goTo("manage").asNormalizedText();
        assertTrue(page.contains("was copied or moved from " + jenkins.jenkins.getRootDir()), page);
    }

    private void takesItOver(JenkinsRule jenkins) throws Exception {
        engines.add();
        FakeContainerHost host = engines.host();
        CopiedHome monitor = ExtensionList.lookupSingleton(CopiedHome.class);
        assertTrue(monitor.isActivated(), "nobody has answered it");
        HtmlPage page = jenkins.createWebClient().goTo("manage");
        jenkins.submit(page.getFormByName(monitor.id + "-take-over"));
        assertFalse(monitor.isActivated());
        assertTrue(Installation.get().owners().contains(name));
        Reaping.onEveryHost();
        assertFalse(isThere(host));
    }

    private boolean isThere(FakeContainerHost host) throws InterruptedException {
        return host.list(Map.of()).stream().anyMatch(container -> container.id().equals(machine));
    }
}
