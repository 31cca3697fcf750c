package io.jenkins.plugins.virtainers;

import static io.jenkins.plugins.virtainers.TemplateChanges.agent;
import static org.awaitility.Awaitility.await;

import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Label;
import hudson.tasks.Shell;
import io.jenkins.plugins.virtainers.agent.VirtainerAgent;
import io.jenkins.plugins.virtainers.docker.KeptFiles;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * Builds on a distribution's image as it is: without Java, with an older C library, and set up by cloud-init alone.
 * Needs virtainers/runtime, and what runtime/test/cloud-image needs.
 */
@WithJenkins
@Tag("long")
class StockImageIT {
    private static final Duration BOOT = Duration.ofMinutes(10);

    /** The name of its template. */
    static final String NAME = "stock:11";

    /** In the user data of one machine alone. */
    private static final String SECRET = "b1d5 is of one build alone";

    @TempDir
    static Path images;

    private static StockImage image;

    private JenkinsRule jenkins;
    private String uri;
    private SshKeyPair login;

    /** What runtime/test/cloud-image makes. */
    List<String> kind() {
        return List.of("bullseye");
    }

    /** Where its cloud-init looks for its language. */
    String python() {
        return "/usr/bin/python3";
    }

    @AfterAll
    static void closeImage() {
        if (image != null) {
            image.close();
            image = null;
        }
    }

    @BeforeEach
    void setUp(JenkinsRule rule) throws Exception {
        jenkins = rule;
        jenkins.timeout = 1800;
        uri = RealGuests.uri(ImageRef.RUNTIME.toString());
        if (image == null) {
            image = new StockImage(images.resolve("stock.qcow2"), kind());
            image.serve();
        }
        login = new OpenSshKeys().ed25519("login");
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new BasicSSHUserPrivateKey(
                        CredentialsScope.SYSTEM,
                        "login",
                        "debian",
                        new BasicSSHUserPrivateKey.DirectEntryPrivateKeySource(login.privatePem()),
                        null,
                        ""));
        VirtainerCloud cloud = RealGuests.cloud(uri);
        PipelinePolicy policy = new PipelinePolicy();
        policy.setAllowUserData(true);
        cloud.setPipelinePolicy(policy);
        cloud.setTemplates(List.of(image.template(NAME)));
        cloud.getTemplates().forEach(template -> agent(template, agent -> agent.setCredentialsId("login")));
        jenkins.jenkins.clouds.add(cloud);
    }

    @AfterEach
    void nothingIsLeft() {
        if (uri != null) {
            RealGuests.awaitNothingLeft(uri, BOOT);
        }
    }

    /** One boot after the other, each of which takes minutes without KVM. */
    @Test
    void buildsOnItAndThenFindsAnAgentWaitingInItsTemplateWhichHoldsNoSecret() throws Exception {
        aPipelineHasItByTheNameOfItsTemplate();
        anAgentWaitsInItsTemplateAndNoBuildSeesItsJava();
        toldASecret();
        RealGuests.awaitTemplate(uri, BOOT);
        KeptFiles.assertNoneHolds(
                uri,
                Map.of(
                        "key of a login",
                        login.publicLine().split(" ")[1],
                        "private key of a login",
                        login.privatePem().lines().skip(2).findFirst().orElseThrow(),
                        "user data of a pipeline",
                        SECRET));
    }

    private void aPipelineHasItByTheNameOfItsTemplate() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "pipeline");
        job.setDefinition(new CpsFlowDefinition("""
                pipeline {
                    agent { virtainer '%s' }
                    stages { stage('x') { steps { sh 'cat /etc/debian_version; id -un; head -n 1 $(which cloud-init)' } } }
                }
                """.formatted(NAME), true));
        WorkflowRun run = jenkins.buildAndAssertSuccess(job);
        jenkins.assertLogContains("11.", run);
        jenkins.assertLogContains("debian", run);
        jenkins.assertLogContains("#!" + python(), run);
    }

    private void anAgentWaitsInItsTemplateAndNoBuildSeesItsJava() throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.setAssignedLabel(Label.get(NAME));
        job.getBuildersList()
                .add(new Shell("sleep 3; if command -v java || env | grep virtainers-disk; then exit 1; fi"));
        await("an agent that waits").atMost(BOOT).until(() -> findsTheAgentWaiting(job));
    }

    private void toldASecret() throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "secret");
        job.setDefinition(new CpsFlowDefinition("""
                pipeline {
                    agent { virtainer { image '%s'; userData '#!/bin/sh\\necho "%s" >/etc/secret\\n' } }
                    stages { stage('x') { steps { sh 'cat /etc/secret' } } }
                }
                """.formatted(NAME, SECRET), true));
        jenkins.assertLogContains(SECRET, jenkins.buildAndAssertSuccess(job));
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
