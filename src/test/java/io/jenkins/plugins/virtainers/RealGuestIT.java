package io.jenkins.plugins.virtainers;

import static io.jenkins.plugins.virtainers.TemplateChanges.agent;
import static io.jenkins.plugins.virtainers.TemplateChanges.boot;
import static io.jenkins.plugins.virtainers.TemplateChanges.hardware;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey;
import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl;
import hudson.FilePath;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Label;
import hudson.model.Queue;
import hudson.model.queue.QueueTaskFuture;
import hudson.tasks.Shell;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.docker.SeedImages;
import io.jenkins.plugins.virtainers.docker.SshServer;
import io.jenkins.plugins.virtainers.fault.FaultProxy;
import io.jenkins.plugins.virtainers.fault.TestAuthority;
import io.jenkins.plugins.virtainers.fleet.Installation;
import io.jenkins.plugins.virtainers.fleet.Mishaps;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.htmlunit.WebResponse;
import org.jenkinsci.plugins.docker.commons.credentials.DockerServerCredentials;
import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Builds on real machines of a real engine. */
@WithJenkins
class RealGuestIT {
    private static final Duration BOOT = Duration.ofMinutes(5);

    @TempDir
    private Path directory;

    private JenkinsRule jenkins;
    private String uri;

    @BeforeEach
    void setUp(JenkinsRule rule) throws Exception {
        jenkins = rule;
        uri = RealGuests.uri();
        jenkins.timeout = 900;
    }

    @AfterEach
    void nothingIsLeft() {
        Mishaps.get().of("real").forEach(mishap -> System.err.println(mishap.getSentence()));
        if (uri != null) {
            RealGuests.awaitNothingLeft(uri, BOOT);
        }
    }

    private FreeStyleProject job(String script) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.setAssignedLabel(Label.get("vm"));
        job.getBuildersList().add(new Shell(script));
        return job;
    }

    @Test
    void runsABuildOnAMachineWithAKernelOfItsOwn() throws Exception {
        jenkins.jenkins.clouds.add(RealGuests.cloud(uri));
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(
                job("uname -r; sudo systemctl is-active ssh; systemd-detect-virt; hostname"));
        System.err.println(JenkinsRule.getLog(build));
        jenkins.assertLogContains("active", build);
        jenkins.assertLogContains("qemu", build);
    }

    @Test
    void runsABuildOnTheMachineOfAFileOfConfiguration() throws Exception {
        Path file = Files.writeString(directory.resolve("jenkins.yaml"), """
                jenkins:
                  clouds:
                    - virtainers:
                        name: "real"
                        hosts:
                          - uri: "%s"
                        templates:
                          - image: "debian:12"
                            labels: "vm"
                            cpus: 2
                            memory: "1G"
                            hardware:
                              acceleration: "tcg"
                """.formatted(uri));
        ConfigurationAsCode.get().configure(file.toUri().toString());
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job("nproc; systemd-detect-virt"));
        jenkins.assertLogContains("qemu", build);
    }

    @Test
    void givesADeclarativePipelineTwoMachinesThatAreItsOwnToCommand() throws Exception {
        jenkins.jenkins.clouds.add(RealGuests.cloud(uri));
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition("""
                pipeline {
                  agent none
                  stages {
                    stage('one') {
                      agent { virtainer 'debian:12' }
                      steps {
                        sh 'sudo systemd-run --unit=served sleep 600; systemctl is-active served'
                        sh 'cat /proc/sys/kernel/random/boot_id > boot'
                        stash name: 'from-one', includes: 'boot'
                      }
                    }
                    stage('two') {
                      agent { virtainer 'debian:12' }
                      steps {
                        unstash 'from-one'
                        sh 'test $(cat boot) != $(cat /proc/sys/kernel/random/boot_id); ! systemctl is-active served'
                      }
                    }
                  }
                }
                """, true));
        jenkins.assertLogContains("active", jenkins.buildAndAssertSuccess(job));
    }

    @Test
    @Tag("long")
    void keepsTheDiskOfAMachineForTheNextOne() throws Exception {
        Path folder = Files.createDirectory(directory.resolve("disk"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        VirtainerCloud cloud = RealGuests.cloud(uri);
        boot(cloud.getTemplates().get(0), boot -> boot.setData(folder.toString()));
        jenkins.jenkins.clouds.add(cloud);
        jenkins.buildAndAssertSuccess(job("hostname > ~/kept"));
        FreeStyleBuild second = jenkins.buildAndAssertSuccess(job("test \"$(cat ~/kept)\" != \"$(hostname)\""));
        jenkins.assertLogContains("cat /home/debian/kept", second);
    }

    @Test
    void showsWhatIsOnTheScreenOfAMachine() throws Exception {
        VirtainerCloud cloud = RealGuests.cloud(uri);
        hardware(cloud.getTemplates().get(0), hardware -> hardware.setScreen(true));
        jenkins.jenkins.clouds.add(cloud);
        FreeStyleProject job = job("while ! test -e seen; do sleep 1; done");
        QueueTaskFuture<FreeStyleBuild> queued = Objects.requireNonNull(job.scheduleBuild2(0));
        FreeStyleBuild build = queued.waitForStart();
        try (JenkinsRule.WebClient web = jenkins.createWebClient()) {
            WebResponse picture = web.goTo("computer/" + build.getBuiltOnStr() + "/screen/picture", "image/png")
                    .getWebResponse();
            try (InputStream content = picture.getContentAsStream()) {
                BufferedImage screen = ImageIO.read(content);
                assertTrue(screen.getWidth() >= 640 && screen.getHeight() >= 400, screen.toString());
            }
        }
        FilePath workspace = Objects.requireNonNull(build.getWorkspace());
        await("the workspace").atMost(BOOT).until(workspace::exists);
        workspace.child("seen").touch(0);
        jenkins.assertBuildStatusSuccess(queued);
    }

    @Test
    void runsAContainerInTheMachine() throws Exception {
        jenkins.jenkins.clouds.add(RealGuests.cloud(RealGuests.uri("debian:12-docker")));
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition("""
                pipeline {
                  agent { virtainer { image 'debian:12-docker'; cpus 2; memory '1G' } }
                  stages {
                    stage('container') {
                      steps {
                        // No registry is asked: the image is the machine's own shell.
                        sh 'mkdir -p own/proc && cd own && cp --parents $(ldd /bin/bash | grep -o "/[^ ]*") /bin/bash . && tar -c . | docker import - own:1'
                        sh '''test "$(docker run --rm own:1 /bin/bash -c 'read -r _ _ release _ </proc/version; echo $release')" = "$(uname -r)"'''
                      }
                    }
                  }
                }
                """, true));
        jenkins.buildAndAssertSuccess(job);
    }

    @Test
    void runsTwoBuildsInTurnWhereOneMachineIsAllThereMayBe() throws Exception {
        VirtainerCloud cloud = RealGuests.cloud(uri);
        cloud.setInstanceCap(1);
        jenkins.jenkins.clouds.add(cloud);
        List<QueueTaskFuture<FreeStyleBuild>> queued = List.of(
                Objects.requireNonNull(job("hostname; sleep 2").scheduleBuild2(0)),
                Objects.requireNonNull(job("hostname; sleep 2").scheduleBuild2(0)));
        List<FreeStyleBuild> builds = new ArrayList<>();
        for (QueueTaskFuture<FreeStyleBuild> build : queued) {
            builds.add(jenkins.assertBuildStatusSuccess(build));
        }
        builds.sort(Comparator.comparing(FreeStyleBuild::getStartTimeInMillis));
        assertTrue(
                builds.get(1).getStartTimeInMillis()
                        >= builds.get(0).getStartTimeInMillis() + builds.get(0).getDuration(),
                builds.toString());
        assertNotEquals(builds.get(0).getBuiltOnStr(), builds.get(1).getBuiltOnStr());
    }

    @Test
    void logsInWithTheKeyOfACredential() throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new BasicSSHUserPrivateKey(
                        CredentialsScope.SYSTEM,
                        "login-key",
                        "debian",
                        new BasicSSHUserPrivateKey.DirectEntryPrivateKeySource(
                                new OpenSshKeys().ed25519("x").privatePem()),
                        null,
                        "a key"));
        VirtainerCloud cloud = RealGuests.cloud(uri);
        agent(cloud.getTemplates().get(0), agent -> agent.setCredentialsId("login-key"));
        jenkins.jenkins.clouds.add(cloud);
        jenkins.buildAndAssertSuccess(job("true"));
    }

    @Test
    void logsInWithThePasswordOfACredential() throws Exception {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new UsernamePasswordCredentialsImpl(
                        CredentialsScope.SYSTEM, "login-password", "", "builder", "It's: #1"));
        VirtainerCloud cloud = RealGuests.cloud(uri);
        agent(cloud.getTemplates().get(0), agent -> agent.setCredentialsId("login-password"));
        jenkins.jenkins.clouds.add(cloud);
        jenkins.assertLogContains(
                "builder", jenkins.buildAndAssertSuccess(job("sudo id; id -un; ! test -s ~/.ssh/authorized_keys")));
    }

    @Test
    @Tag("long")
    void tellsCloudInitWhatASeedInASecretFileSays() throws Exception {
        Path seed = SeedImages.write(directory.resolve("seed.iso"));
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new FileCredentialsImpl(
                        CredentialsScope.SYSTEM,
                        "seed",
                        "",
                        "seed.iso",
                        SecretBytes.fromBytes(Files.readAllBytes(seed))));
        VirtainerCloud cloud = RealGuests.cloud(uri);
        boot(cloud.getTemplates().get(0), boot -> boot.setSeedCredentialsId("seed"));
        jenkins.jenkins.clouds.add(cloud);
        jenkins.assertLogContains("a seed", jenkins.buildAndAssertSuccess(job("cat /etc/from-seed")));
    }

    @Test
    void removesTheMachineOfABuildThatIsAbortedWhileItBoots() throws Exception {
        jenkins.jenkins.clouds.add(RealGuests.cloud(uri));
        FreeStyleProject job = job("true");
        job.scheduleBuild2(0);
        await("a machine")
                .atMost(BOOT)
                .until(() -> !RealGuests.machines(uri, Installation.owner()).isEmpty());
        Queue.getInstance().cancel(job);
    }

    @Test
    void saysWhatTheHostIs() {
        VirtainerHost.DescriptorImpl host = jenkins.jenkins.getDescriptorByType(VirtainerHost.DescriptorImpl.class);
        FormValidation said = host.doTestConnection(uri, "", "", "", "", "");
        System.err.println(said.getMessage());
        assertTrue(
                said.getMessage().matches("(?s)(Docker|Podman) .* free for guests, 0 agents at present.*"),
                said.getMessage());
        assertEquals(FormValidation.Kind.ERROR, host.doTestConnection("unix:///nowhere", "", "", "", "", "").kind);
    }

    @Test
    void buildsOnAHostBehindTlsWhoseAuthorityItsCredentialKnows() throws Exception {
        TestAuthority good = TestAuthority.make(directory.resolve("good"));
        TestAuthority other = TestAuthority.make(directory.resolve("other"));
        store("good-tls", good.directory());
        store("other-tls", other.directory());
        VirtainerHost.DescriptorImpl host = jenkins.jenkins.getDescriptorByType(VirtainerHost.DescriptorImpl.class);
        Path socket = Path.of(DockerEndpoint.parse(uri, Optional.empty()).uri().getPath());
        try (FaultProxy front = FaultProxy.behindTls(socket, good)) {
            FormValidation refused = host.doTestConnection(front.address(), "other-tls", "", "", "", "");
            assertEquals(FormValidation.Kind.ERROR, refused.kind);
            assertTrue(refused.getMessage().contains("TLS does not match"), refused.getMessage());
            assertEquals(FormValidation.Kind.ERROR, host.doTestConnection(front.address(), "", "", "", "", "").kind);
            VirtainerCloud cloud = RealGuests.cloud(front.address());
            VirtainerHost behind = new VirtainerHost(front.address());
            behind.setCredentialsId("good-tls");
            cloud.setHosts(List.of(behind));
            jenkins.jenkins.clouds.add(cloud);
            jenkins.buildAndAssertSuccess(job("true"));
            // While there is a way to it.
            nothingIsLeft();
        }
    }

    @Test
    void buildsOnAHostBehindSshThatShowsTheRightHostKey() throws Exception {
        VirtainerHost.DescriptorImpl host = jenkins.jenkins.getDescriptorByType(VirtainerHost.DescriptorImpl.class);
        Path folder = Files.createDirectory(directory.resolve("sshd"));
        try (SshServer server = SshServer.start(folder, "127.0.0.1", 2224, System.getenv("PATH"))) {
            String behind = server.engine(
                    DockerEndpoint.parse(uri, Optional.empty()).uri().getPath());
            String hostKey = Files.readString(folder.resolve("host.pub"));
            SystemCredentialsProvider.getInstance()
                    .getCredentials()
                    .addAll(List.of(
                            key("ssh-host", Files.readString(folder.resolve("user"))),
                            key("ssh-stranger", Files.readString(folder.resolve("host")))));
            assertSays("the host key is wanted", host.doTestConnection(behind, "ssh-host", "", "", "", ""));
            assertSays("does not let root in", host.doTestConnection(behind, "ssh-stranger", hostKey, "", "", ""));
            assertSays(
                    "does not show the host key",
                    host.doTestConnection(
                            behind, "ssh-host", Files.readString(folder.resolve("user.pub")), "", "", ""));
            VirtainerHost there = new VirtainerHost(behind);
            there.setCredentialsId("ssh-host");
            there.setHostKey(hostKey);
            VirtainerCloud cloud = RealGuests.cloud(behind);
            cloud.setHosts(List.of(there));
            jenkins.jenkins.clouds.add(cloud);
            jenkins.buildAndAssertSuccess(job("head -c 20000000 /dev/zero | sha256sum; echo all of it"));
            nothingIsLeft();
        }
    }

    private static BasicSSHUserPrivateKey key(String id, String pem) {
        return new BasicSSHUserPrivateKey(
                CredentialsScope.SYSTEM,
                id,
                "root",
                new BasicSSHUserPrivateKey.DirectEntryPrivateKeySource(pem),
                null,
                "a host");
    }

    private static void assertSays(String words, FormValidation said) {
        assertEquals(FormValidation.Kind.ERROR, said.kind);
        assertTrue(said.getMessage().contains(words), said.getMessage());
    }

    private static void store(String id, Path authority) throws IOException {
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new DockerServerCredentials(
                        CredentialsScope.SYSTEM,
                        id,
                        "a host",
                        Secret.fromString(Files.readString(authority.resolve("key.pem"))),
                        Files.readString(authority.resolve("cert.pem")),
                        Files.readString(authority.resolve("ca.pem"))));
    }
}
