package io.jenkins.plugins.virtainers.upkeep;

import static io.jenkins.plugins.virtainers.TemplateChanges.life;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.ExtensionList;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Label;
import hudson.model.Result;
import hudson.tasks.Shell;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.VirtainerHost;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.agent.VirtainerAgent;
import io.jenkins.plugins.virtainers.cleanup.Disposals;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.fleet.FakeEngines;
import io.jenkins.plugins.virtainers.fleet.HostContacts;
import io.jenkins.plugins.virtainers.fleet.HostTime;
import io.jenkins.plugins.virtainers.fleet.Ledger;
import io.jenkins.plugins.virtainers.pages.LostHosts;
import io.jenkins.plugins.virtainers.provisioning.Provisioning;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A host that is gone for good, with two builds and two ready agents on it. */
@WithJenkins
class LostHostTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final String GONE = FakeEngines.HOST;
    private static final String OTHER = "unix:///fake/two.sock";
    private static final int AGENTS = 4;

    @TempDir
    private Path workspace;

    private JenkinsRule jenkins;
    private FakeEngines engines;
    private HostTime time;
    private VirtainerCloud cloud;

    @BeforeEach
    void setUp(JenkinsRule rule) {
        jenkins = rule;
        jenkins.timeout = 300;
        engines = FakeEngines.install();
        time = HostTime.install();
        VirtainerTemplate template = FakeEngines.template(workspace);
        life(template, life -> life.setMinReady(2));
        cloud = FakeEngines.cloud("vms", template);
        cloud.setInstanceCap(AGENTS + 1);
        jenkins.jenkins.clouds.add(cloud);
    }

    private FreeStyleProject job(String script) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.setAssignedLabel(Label.get("vm"));
        job.getBuildersList().add(new Shell(script));
        return job;
    }

    private static void awaitAgents(int number) {
        await(number + " agents")
                .atMost(SOON)
                .until(() -> VirtainerAgent.all()
                                .filter(VirtainerAgent::wasEverOnline)
                                .count()
                        == number);
    }

    private void cut(FakeContainerHost host) throws Exception {
        for (FakeContainerHost.Call call : FakeContainerHost.Call.values()) {
            host.failAll(call, Failure.ENGINE_UNREACHABLE.because("Nobody answers there."));
        }
        // Their connections break as well; those of builds are noticed later.
        for (VirtainerAgent agent :
                VirtainerAgent.all().filter(VirtainerAgent::isUnused).toList()) {
            Objects.requireNonNull(agent.toComputer()).disconnect(null).get();
            Objects.requireNonNull(agent.toComputer()).connect(false);
        }
        await("the first try").atMost(SOON).until(() -> HostContacts.get().isSilent(GONE));
    }

    @Test
    void itsAgentsAreGivenUpAndTheOthersGoOn() throws Exception {
        Provisioning.get().topUp();
        awaitAgents(2);
        FreeStyleBuild freestyle = job("sleep 1200").scheduleBuild2(0).waitForStart();
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition("node('vm') { sh 'echo begun; sleep 1200' }", true));
        WorkflowRun pipeline = job.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("begun", pipeline);
        Provisioning.get().topUp();
        awaitAgents(AGENTS);
        cloud.setHosts(List.of(new VirtainerHost(GONE), new VirtainerHost(OTHER)));
        LostHosts monitor = ExtensionList.lookupSingleton(LostHosts.class);

        cut(engines.host(GONE));
        long begun = System.nanoTime();
        FreeStyleBuild next = jenkins.buildAndAssertSuccess(job("true"));
        System.err.println("A build beside a host that answers nobody: "
                + Duration.ofNanos(System.nanoTime() - begun).toMillis() + " ms");
        assertTrue(engines.host(OTHER).calls().contains(FakeContainerHost.Call.CREATE), next.getBuiltOnStr());
        assertTrue(freestyle.isBuilding() && pipeline.isBuilding(), "the host may come back");
        assertFalse(monitor.isActivated());

        time.advance(VirtainerTemplate.LEASE);
        Reaping.onEveryHost();
        jenkins.waitForCompletion(freestyle);
        jenkins.assertLogContains(" has not answered since ", freestyle);
        assertEquals(Result.ABORTED, jenkins.waitForCompletion(pipeline).getResult());
        jenkins.assertLogContains(" has not answered since ", pipeline);
        await("a free cap")
                .atMost(SOON)
                .until(() -> Ledger.get().all().stream()
                        .noneMatch(claim -> claim.host().equals(GONE)));
        await("removals").atMost(SOON).until(() -> Disposals.get().pending().size() == AGENTS);
        assertTrue(monitor.isActivated());
        assertEquals(
                List.of(AGENTS + " on " + GONE),
                monitor.getLost().stream()
                        .map(lost -> lost.machines() + " on " + lost.uri())
                        .toList());
        String page = jenkins.createWebClient().goTo("manage").asNormalizedText();
        assertTrue(page.contains("Container host " + GONE + " has not answered since "), page);
        assertTrue(page.contains("Machines that are to be removed there when it is back: " + AGENTS), page);

        monitor.doForget(GONE);
        assertEquals(List.of(), Disposals.get().pending());
        comesBack(engines.host(GONE), monitor);
    }

    private static void comesBack(FakeContainerHost host, LostHosts monitor) throws InterruptedException {
        for (FakeContainerHost.Call call : FakeContainerHost.Call.values()) {
            host.heal(call);
        }
        host.killAll(0);
        host.advance(Duration.ofMinutes(10));
        Reaping.onEveryHost();
        assertFalse(monitor.isActivated());
        assertTrue(host.isEmpty(), "what was forgotten is removed all the same");
    }
}
