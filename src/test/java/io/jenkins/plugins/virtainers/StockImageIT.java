package io.jenkins.plugins.virtainers;

import static io.jenkins.plugins.virtainers.TemplateChanges.boot;
import static io.jenkins.plugins.virtainers.TemplateChanges.hardware;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Label;
import hudson.tasks.Shell;
import io.jenkins.plugins.virtainers.agent.VirtainerAgent;
import io.jenkins.plugins.virtainers.docker.ServedFile;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * Builds on a distribution's image as it is: without Java, with an older C library, and set up by cloud-init alone.
 * Needs virtainers/runtime, and what runtime/test/cloud-image needs.
 */
@WithJenkins
class StockImageIT {
    private static final Duration BOOT = Duration.ofMinutes(10);

    @TempDir
    static Path images;

    private static ServedFile served;

    private JenkinsRule jenkins;
    private String uri;

    @BeforeAll
    static void makeImage() throws Exception {
        RealGuests.uri(ImageRef.RUNTIME.toString());
        Path image = images.resolve("stock.qcow2");
        Path said = images.resolve("said");
        int status = new ProcessBuilder("runtime/test/cloud-image", image.toString(), "bullseye")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start()
                .waitFor();
        assertTrue(status == 0, () -> read(said));
        served = new ServedFile(image);
    }

    @AfterAll
    static void endServer() {
        if (served != null) {
            served.close();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @BeforeEach
    void setUp(JenkinsRule rule) throws Exception {
        jenkins = rule;
        jenkins.timeout = 1800;
        uri = RealGuests.uri(ImageRef.RUNTIME.toString());
        VirtainerCloud cloud = RealGuests.cloud(uri);
        VirtainerTemplate template = new VirtainerTemplate(ImageRef.RUNTIME.toString());
        hardware(template, hardware -> hardware.setAcceleration("tcg"));
        template.setName("stock:11");
        template.setLabels("vm");
        template.setCpus(2);
        template.setMemory("1G");
        boot(template, boot -> {
            boot.setDiskImage(served.url());
            boot.setUser("debian");
        });
        cloud.setTemplates(List.of(template));
        jenkins.jenkins.clouds.add(cloud);
    }

    @AfterEach
    void nothingIsLeft() {
        if (uri != null) {
            RealGuests.awaitNothingLeft(uri, BOOT);
        }
    }

    @Test
    void aPipelineHasItByTheNameOfItsTemplate() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "pipeline");
        job.setDefinition(new CpsFlowDefinition("""
                pipeline {
                    agent { virtainer 'stock:11' }
                    stages { stage('x') { steps { sh 'cat /etc/debian_version; id -un' } } }
                }
                """, true));
        WorkflowRun run = jenkins.buildAndAssertSuccess(job);
        jenkins.assertLogContains("11.", run);
        jenkins.assertLogContains("debian", run);
    }

    @Test
    void anAgentWaitsInItsTemplateAndNoBuildSeesItsJava() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.setAssignedLabel(Label.get("vm"));
        job.getBuildersList()
                .add(new Shell("sleep 3; if command -v java || env | grep virtainers-disk; then exit 1; fi"));
        await("an agent that waits").atMost(BOOT).until(() -> findsTheAgentWaiting(job));
    }

    /** Builds on a machine that is made now. */
    private boolean findsTheAgentWaiting(FreeStyleProject job) throws Exception {
        FreeStyleBuild build = job.scheduleBuild2(0).waitForStart();
        // A build does not know its node from the start.
        await("its node").atMost(BOOT).until(() -> build.getBuiltOn() instanceof VirtainerAgent);
        String log = ((VirtainerAgent) build.getBuiltOn()).toComputer().getLog();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(build));
        return log.contains("Joining the agent that waits");
    }
}
