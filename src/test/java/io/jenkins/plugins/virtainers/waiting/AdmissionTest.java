package io.jenkins.plugins.virtainers.waiting;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Label;
import hudson.model.Queue;
import hudson.tasks.Shell;
import io.jenkins.plugins.virtainers.PipelinePolicy;
import io.jenkins.plugins.virtainers.TemplateChanges;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.agent.VirtainerAgent;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.fleet.FakeEngines;
import io.jenkins.plugins.virtainers.fleet.Ledger;
import io.jenkins.plugins.virtainers.provisioning.Provisioning;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Objects;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A cloud that is for the jobs of a team. */
@WithJenkins
class AdmissionTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String REFUSAL = "Job stranger may not use cloud team, which is for team-*.";

    @TempDir
    private Path workspace;

    private JenkinsRule jenkins;
    private FakeEngines engines;
    private VirtainerTemplate template;

    @BeforeEach
    void setUp(JenkinsRule rule) {
        jenkins = rule;
        engines = FakeEngines.install();
        template = FakeEngines.template(workspace);
        add("team", template).setPipelinePolicy(forTeam());
    }

    private VirtainerCloud add(String name, VirtainerTemplate... templates) {
        VirtainerCloud cloud = FakeEngines.cloud(name, templates);
        jenkins.jenkins.clouds.add(cloud);
        return cloud;
    }

    private static PipelinePolicy forTeam() {
        PipelinePolicy policy = new PipelinePolicy();
        policy.setJobs("team-*");
        return policy;
    }

    private FreeStyleProject job(String name) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject(name);
        job.setAssignedLabel(Label.get("vm"));
        job.getBuildersList().add(new Shell("true"));
        return job;
    }

    private static void awaitInQueue() {
        await("a build in the queue")
                .atMost(SOON)
                .until(() -> !Queue.getInstance().getBuildableItems().isEmpty());
    }

    private void awaitNothingLeft() {
        await("nothing is left")
                .atMost(SOON)
                .until(() -> jenkins.jenkins.getNodes().isEmpty()
                        && engines.host().isEmpty()
                        && Ledger.get().all().isEmpty());
    }

    @Test
    void makesNoMachineForAnotherJobAndTellsItWhy() throws Exception {
        WorkflowJob stranger = jenkins.createProject(WorkflowJob.class, "stranger");
        stranger.setDefinition(new CpsFlowDefinition("node('vm') { sh 'true' }", true));
        WorkflowRun run = stranger.scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage(REFUSAL, run);
        jenkins.buildAndAssertSuccess(job("team-a"));
        assertTrue(run.isBuilding());
        awaitNothingLeft();
        assertEquals(1, Collections.frequency(engines.host().calls(), FakeContainerHost.Call.CREATE));
        run.doStop();
        jenkins.waitForCompletion(run);
    }

    @Test
    void givesNoReadyAgentToAnotherJobWhateverItAsksFor() throws Exception {
        TemplateChanges.life(template, life -> life.setMinReady(1));
        Provisioning.get().topUp();
        await("an agent")
                .atMost(SOON)
                .until(() -> VirtainerAgent.all()
                        .anyMatch(agent ->
                                Objects.requireNonNull(agent.toComputer()).isOnline()));
        VirtainerAgent agent = VirtainerAgent.all().findFirst().orElseThrow();
        FreeStyleProject stranger = job("stranger");
        stranger.setAssignedLabel(Label.get(agent.getNodeName()));
        stranger.scheduleBuild2(0);
        awaitInQueue();
        Queue.getInstance().maintain();
        Queue.Item item = Queue.getInstance().getItem(stranger);
        assertEquals(
                REFUSAL,
                Objects.requireNonNull(agent.canTake((Queue.BuildableItem) item))
                        .getShortDescription());
        assertFalse(agent.serves(item));
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job("team-a"));
        assertEquals(agent.getNodeName(), build.getBuiltOnStr());
        assertFalse(stranger.isBuilding());
        Queue.getInstance().cancel(stranger);
        TemplateChanges.life(template, life -> life.setMinReady(null));
        VirtainerAgent.all().forEach(each -> each.retire("the test is over"));
        awaitNothingLeft();
    }

    /** The agent that is free counts for none but those who may have it. */
    @Test
    void hasAnotherCloudServeAnotherJob() throws Exception {
        TemplateChanges.life(template, life -> life.setMinReady(1));
        Provisioning.get().topUp();
        await("an agent").atMost(SOON).until(() -> VirtainerAgent.all().count() == 1);
        add("everybody", FakeEngines.template(workspace));
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job("stranger"));
        assertTrue(build.getLog(100).stream().noneMatch(line -> line.contains("may not use")), build.getLog());
        assertEquals(
                1,
                VirtainerAgent.all()
                        .filter(agent -> agent.getCloudName().equals("team") && agent.isUnused())
                        .count());
        TemplateChanges.life(template, life -> life.setMinReady(null));
        VirtainerAgent.all().forEach(agent -> agent.retire("the test is over"));
        awaitNothingLeft();
    }
}
