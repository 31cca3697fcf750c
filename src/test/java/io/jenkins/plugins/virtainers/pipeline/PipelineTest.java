package io.jenkins.plugins.virtainers.pipeline;

import static io.jenkins.plugins.virtainers.TemplateChanges.boot;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.FreeStyleProject;
import hudson.model.Label;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.tasks.Shell;
import io.jenkins.plugins.virtainers.PipelinePolicy;
import io.jenkins.plugins.virtainers.PipelineTemplates;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.fleet.FakeEngines;
import io.jenkins.plugins.virtainers.fleet.Ledger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jenkinsci.plugins.pipeline.modeldefinition.agent.DeclarativeAgentDescriptor;
import org.jenkinsci.plugins.pipeline.modeldefinition.generator.AgentDirective;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.Snippetizer;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Pipelines that bring their own machines, with a container host in memory. */
@WithJenkins
class PipelineTest {
    private static final Duration SOON = Duration.ofSeconds(90);

    @TempDir
    private Path workspace;

    private JenkinsRule jenkins;
    private FakeEngines engines;

    @BeforeEach
    void setUp(JenkinsRule rule) {
        jenkins = rule;
        jenkins.timeout = 240;
        engines = FakeEngines.install();
        jenkins.jenkins.clouds.add(FakeEngines.cloud(workspace));
    }

    private VirtainerCloud cloud() {
        return (VirtainerCloud) Objects.requireNonNull(jenkins.jenkins.getCloud("vms"));
    }

    private WorkflowJob pipeline(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "job");
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    private void awaitNothingLeft() {
        await("nothing is left")
                .atMost(SOON)
                .until(() -> jenkins.jenkins.getNodes().isEmpty()
                        && engines.host().isEmpty()
                        && PipelineTemplates.get().of("vms").isEmpty()
                        && Ledger.get().all().isEmpty());
    }

    private void refuses(String script, String sentence) throws Exception {
        WorkflowRun run = jenkins.buildAndAssertStatus(Result.FAILURE, pipeline(script));
        jenkins.assertLogContains("ERROR: " + sentence, run);
        assertFalse(engines.host().calls().contains(FakeContainerHost.Call.CREATE));
        awaitNothingLeft();
    }

    @Test
    void runsTheBlockOnAMachineOfTheImage() throws Exception {
        WorkflowRun run =
                jenkins.buildAndAssertSuccess(pipeline("virtainer('liar:1') { sh 'echo running on $NODE_NAME' }"));
        jenkins.assertLogContains("running on virtainer-1-", run);
        awaitNothingLeft();
        assertEquals(1, Collections.frequency(engines.host().calls(), FakeContainerHost.Call.CREATE));
    }

    @Test
    void runsTheBlockOnAMachineHoweverItIsAskedFor() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(pipeline("""
                virtainer(image: 'liar:1') { sh 'echo alone on $NODE_NAME' }
                virtainer(image: 'liar:1', cpus: 3, memory: '3G') { sh 'echo larger on $NODE_NAME' }
                virtainer('liar:1', memory: '3G') { sh 'echo beside on $NODE_NAME' }
                virtainer(image: 'liar:1', labelOnly: false) { sh 'echo not offered on $NODE_NAME' }
                def name = "liar:${1}"
                def said = virtainer(name) { sh(script: 'echo value of $NODE_NAME', returnStdout: true) }
                echo "the ${said}"
                """));
        for (String words : List.of("alone on", "larger on", "beside on", "not offered on", "the value of")) {
            jenkins.assertLogContains(words + " virtainer-1-", run);
        }
        awaitNothingLeft();
        assertEquals(5, Collections.frequency(engines.host().calls(), FakeContainerHost.Call.CREATE));
    }

    @Test
    void saysHowItIsCalledWhereNobodyAsksForTheNode() throws Exception {
        refuses(
                "steps.virtainer('liar:1') { sh 'true' }",
                "Called on the steps object, virtainer only offers a label: call it on the script itself, or say labelOnly: true and use node(VIRTAINER_LABEL) in its block.");
    }

    @Test
    void offersALabelToNodesOfItsBlock() throws Exception {
        jenkins.buildAndAssertSuccess(pipeline("""
                virtainer(image: 'liar:1', cpus: 3, memory: '3G', labelOnly: true) {
                    node(VIRTAINER_LABEL) { sh 'true' }
                    node(VIRTAINER_LABEL) { sh 'true' }
                }
                """));
        awaitNothingLeft();
        assertEquals(2, Collections.frequency(engines.host().calls(), FakeContainerHost.Call.CREATE));
    }

    @Test
    void hasItsMachinesForItself() throws Exception {
        WorkflowRun run = pipeline("""
                        virtainer(image: 'liar:1', labelOnly: true) {
                            input 'go on?'
                            node(VIRTAINER_LABEL) { sh 'sleep 3' }
                            node(VIRTAINER_LABEL) { sh 'true' }
                        }
                        """).scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("go on?", run);
        FreeStyleProject other = jenkins.createFreeStyleProject();
        other.setAssignedLabel(
                Label.get(PipelineTemplates.get().of("vms").get(0).displayName()));
        other.getBuildersList().add(new Shell("true"));
        other.scheduleBuild2(0);
        await("the other in the queue")
                .atMost(SOON)
                .until(() -> !Queue.getInstance().getBuildableItems().isEmpty());
        run.getAction(InputAction.class).getExecutions().get(0).proceed(null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(run));
        assertEquals(2, Collections.frequency(engines.host().calls(), FakeContainerHost.Call.CREATE));
        assertEquals(0, other.getBuilds().size());
        Queue.getInstance().cancel(other);
        awaitNothingLeft();
    }

    @Test
    void isTheAgentOfADeclarativePipeline() throws Exception {
        WorkflowRun run = jenkins.buildAndAssertSuccess(pipeline("""
                pipeline {
                    agent none
                    stages {
                        stage('short') {
                            agent { virtainer 'liar:1' }
                            steps { sh 'echo short on $NODE_NAME' }
                        }
                        stage('long') {
                            agent { virtainer { image 'liar:1'; cpus 4; memory '8G'; retries 2 } }
                            steps { sh 'echo long on $NODE_NAME' }
                        }
                    }
                }
                """));
        jenkins.assertLogContains("short on virtainer-1-", run);
        jenkins.assertLogContains("long on virtainer-1-", run);
        awaitNothingLeft();
    }

    @Test
    void asksForATemplateByItsName() throws Exception {
        PipelinePolicy policy = new PipelinePolicy();
        policy.setImages("others:*");
        cloud().setPipelinePolicy(policy);
        VirtainerTemplate template = cloud().getTemplates().get(0);
        template.setName("stock:11");
        cloud().setTemplates(List.of(template));
        WorkflowRun run = jenkins.buildAndAssertSuccess(pipeline("""
                pipeline {
                    agent { virtainer 'stock:11' }
                    stages { stage('x') { steps { sh 'echo on $NODE_NAME' } } }
                }
                """));
        jenkins.assertLogContains("on virtainer-1-", run);
        awaitNothingLeft();
    }

    @Test
    void refusesImagesThatNobodyAllowed() throws Exception {
        refuses(
                "virtainer('registry.example.org/evil:1') { sh 'true' }",
                "Image registry.example.org/evil:1 is not among those that pipelines may boot in cloud vms: the project's own and those of its templates.");
    }

    @Test
    void waitsNoMoreForAMachineOfAnImageThatIsNowhere() throws Exception {
        PipelinePolicy policy = new PipelinePolicy();
        policy.setImages("*");
        cloud().setPipelinePolicy(policy);
        WorkflowRun run =
                jenkins.buildAndAssertStatus(Result.ABORTED, pipeline("virtainer('nowhere:9') { sh 'true' }"));
        jenkins.assertLogContains("No agent can come, so this build waits no more. Cannot find image nowhere:9", run);
        awaitNothingLeft();
    }

    @Test
    void refusesMoreMemoryThanIsAllowed() throws Exception {
        PipelinePolicy policy = new PipelinePolicy();
        policy.setMaxMemory("4G");
        cloud().setPipelinePolicy(policy);
        refuses(
                "pipeline { agent { virtainer { image 'liar:1'; memory '5G' } }; stages { stage('x') { steps { sh 'true' } } } }",
                "Pipelines may have 4G of memory at most in cloud vms, not 5G.");
    }

    @Test
    void refusesUserData() throws Exception {
        refuses(
                "virtainer(image: 'liar:1', userData: '#!/bin/sh') { sh 'true' }",
                "Pipelines may not bring user data to cloud vms.");
    }

    @Test
    void refusesJobsOfOtherFolders() throws Exception {
        PipelinePolicy policy = new PipelinePolicy();
        policy.setJobs("team/*");
        cloud().setPipelinePolicy(policy);
        refuses("virtainer('liar:1') { sh 'true' }", "Job job may not use cloud vms, which is for team/*.");
    }

    @Test
    void saysWhatIsWrongWithWhatWasAskedFor() throws Exception {
        refuses(
                "virtainer(image: 'liar:1', memory: 'lots') { }",
                "Memory \"lots\" is not a size: write a whole number and a unit, such as 512M or 4G.");
    }

    @Test
    void leavesNothingWhenABuildIsAbortedDuringTheBoot() throws Exception {
        boot(cloud().getTemplates().get(0), boot -> boot.setEnvironment("LIE=idle"));
        WorkflowRun run =
                pipeline("virtainer('liar:1') { sh 'true' }").scheduleBuild2(0).waitForStart();
        await("a machine").atMost(SOON).until(() -> !engines.host().isEmpty());
        run.doStop();
        jenkins.assertBuildStatus(Result.ABORTED, jenkins.waitForCompletion(run));
        awaitNothingLeft();
    }

    @Test
    void offersAgainAfterARestart() throws Throwable {
        WorkflowRun run = pipeline(
                        "virtainer(image: 'liar:1', labelOnly: true) { input 'go on?'; node(VIRTAINER_LABEL) { sh 'true' } }")
                .scheduleBuild2(0)
                .waitForStart();
        jenkins.waitForMessage("go on?", run);
        String label = PipelineTemplates.get().of("vms").get(0).displayName();
        jenkins.restart();
        engines = FakeEngines.install();
        run = Objects.requireNonNull(jenkins.jenkins.getItemByFullName("job", WorkflowJob.class))
                .getLastBuild();
        WorkflowRun resumed = run;
        await("the question").atMost(SOON).until(() -> {
            InputAction input = resumed.getAction(InputAction.class);
            return input != null
                    && input.getExecutions().size() == 1
                    && !PipelineTemplates.get().of("vms").isEmpty();
        });
        assertEquals(label, PipelineTemplates.get().of("vms").get(0).displayName());
        resumed.getAction(InputAction.class).getExecutions().get(0).proceed(null);
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(resumed));
        awaitNothingLeft();
    }

    @Test
    void isInTheGenerators() throws Exception {
        VirtainerStep step = new VirtainerStep("debian:12");
        assertEquals(
                "virtainer('debian:12') {\n    // some block\n}",
                Snippetizer.object2Groovy(step).strip());
        step.setCpus(4);
        step.setMemory("8G");
        String snippet = Snippetizer.object2Groovy(step);
        assertTrue(snippet.startsWith("virtainer(cpus: 4, image: 'debian:12', memory: '8G') {"), snippet);
        VirtainerStep offer = new VirtainerStep("debian:12");
        offer.setLabelOnly(true);
        assertEquals(
                "virtainer(image: 'debian:12', labelOnly: true) {\n    // some block\n}",
                Snippetizer.object2Groovy(offer).strip());
        assertNotNull(DeclarativeAgentDescriptor.byName("virtainer"));
        VirtainerDeclarativeAgent agent = new VirtainerDeclarativeAgent("debian:12");
        agent.setMemory("8G");
        String directive = new AgentDirective(agent).toGroovy(true);
        assertTrue(
                directive
                        .replaceAll("\\s+", " ")
                        .matches("agent \\{ virtainer \\{ image 'debian:12'[; ] ?memory '8G' .*\\} \\}"),
                directive);
    }

    @Test
    void isExplainedAmongTheVariables() throws Exception {
        try (JenkinsRule.WebClient web = jenkins.createWebClient()) {
            web.getOptions().setJavaScriptEnabled(false);
            String page = web.goTo("pipeline-syntax/globals").asNormalizedText();
            assertTrue(page.contains("virtainer(image: 'debian:12', cpus: 4, memory: '8G') { sh 'uname -r' }"), page);
        }
    }

    @Test
    void keepsItsPolicyWhenTheCloudIsSaved() throws Exception {
        PipelinePolicy policy = new PipelinePolicy();
        policy.setJobs("team/*");
        policy.setImages("debian:*");
        policy.setMaxCpus(8);
        policy.setMaxMemory("16G");
        policy.setMaxDisk("80G");
        policy.setAllowUserData(true);
        cloud().setPipelinePolicy(policy);
        try (JenkinsRule.WebClient web = jenkins.createWebClient()) {
            jenkins.submit(web.goTo("cloud/vms/configure").getFormByName("config"));
        }
        jenkins.assertEqualDataBoundBeans(policy, cloud().getPipelinePolicy());
    }
}
