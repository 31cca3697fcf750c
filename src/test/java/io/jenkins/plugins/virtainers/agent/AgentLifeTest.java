package io.jenkins.plugins.virtainers.agent;

import static io.jenkins.plugins.virtainers.TemplateChanges.agent;
import static io.jenkins.plugins.virtainers.TemplateChanges.boot;
import static io.jenkins.plugins.virtainers.TemplateChanges.life;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Label;
import hudson.model.Node;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.TaskListener;
import hudson.model.queue.CauseOfBlockage;
import hudson.model.queue.QueueTaskFuture;
import hudson.remoting.Channel;
import hudson.slaves.Cloud;
import hudson.slaves.CloudProvisioningListener;
import hudson.slaves.ComputerListener;
import hudson.slaves.NodeProvisioner;
import hudson.slaves.OfflineCause;
import hudson.tasks.Shell;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.VirtainerHost;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.cleanup.Disposals;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.fleet.Engines;
import io.jenkins.plugins.virtainers.fleet.FakeEngines;
import io.jenkins.plugins.virtainers.fleet.Installation;
import io.jenkins.plugins.virtainers.fleet.Ledger;
import io.jenkins.plugins.virtainers.fleet.Mishaps;
import io.jenkins.plugins.virtainers.fleet.Pauses;
import io.jenkins.plugins.virtainers.provisioning.Provisioning;
import io.jenkins.plugins.virtainers.status.Mishap;
import io.jenkins.plugins.virtainers.upkeep.LeaseRenewal;
import io.jenkins.plugins.virtainers.upkeep.Reaping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.logging.Level;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LogRecorder;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** From a build in the queue to nothing left, with a container host in memory and agents that are real. */
@WithJenkins
class AgentLifeTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path workspace;

    private final LogRecorder log = new LogRecorder().record("io.jenkins.plugins.virtainers", Level.FINE);

    private JenkinsRule jenkins;
    private FakeEngines engines;

    @BeforeEach
    void setUp(JenkinsRule rule) {
        jenkins = rule;
        jenkins.timeout = 120;
        engines = FakeEngines.install();
    }

    private VirtainerCloud add(VirtainerCloud cloud) {
        jenkins.jenkins.clouds.add(cloud);
        return cloud;
    }

    private FreeStyleProject job(String script) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.setAssignedLabel(Label.get("vm"));
        job.getBuildersList().add(new Shell(script));
        return job;
    }

    private void awaitNothingLeft() {
        await("nothing is left")
                .atMost(SOON)
                .until(() -> jenkins.jenkins.getNodes().isEmpty()
                        && engines.host().isEmpty()
                        && Ledger.get().all().isEmpty()
                        && Disposals.get().pending().isEmpty());
    }

    @Test
    void givesABuildAMachineAndLeavesNothing() throws Exception {
        add(FakeEngines.cloud(workspace));
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job("echo running on $NODE_NAME"));
        assertTrue(build.getBuiltOnStr().matches("liar-1-[a-z0-9]{8}"), build.getBuiltOnStr());
        awaitNothingLeft();
        assertTrue(engines.guests().logins().get(0).startsWith("liar@"));
        // Once a machine for each build, and no node twice.
        assertEquals(1, Collections.frequency(engines.host().calls(), FakeContainerHost.Call.CREATE));
        assertEquals(List.of(build.getBuiltOnStr()), Seen.get().committed);
        assertEquals(Seen.get().committed, Seen.get().started);
    }

    @Test
    void reachesAMachineThroughItsHostWhereNoAddressLeadsToIt() throws Exception {
        engines.guests().leaveAddresses();
        add(FakeEngines.cloud(workspace));
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job("true"));
        awaitNothingLeft();
        assertEquals(
                "liar@%s through %s"
                        .formatted(build.getBuiltOnStr(), engines.host().address()),
                engines.guests().logins().get(0));
    }

    @Test
    void shutsDownTheMachineWhoseDiskTheNextOneHas() throws Exception {
        add(FakeEngines.cloud(workspace));
        jenkins.buildAndAssertSuccess(job("true"));
        awaitNothingLeft();
        assertFalse(engines.host().calls().contains(FakeContainerHost.Call.STOP));
        boot(((VirtainerCloud) jenkins.jenkins.clouds.get(0)).getTemplates().get(0), boot -> boot.setData("kept"));
        jenkins.buildAndAssertSuccess(job("true"));
        awaitNothingLeft();
        assertEquals(1, Collections.frequency(engines.host().calls(), FakeContainerHost.Call.STOP));
    }

    @Test
    void startsTheLauncherWithinHalfASecondOfTheBuild() throws Exception {
        add(FakeEngines.cloud(workspace));
        jenkins.buildAndAssertSuccess(job("true"));
        awaitNothingLeft();
        CountDownLatch created = engines.host().hangNext(FakeContainerHost.Call.INFO);
        long begin = System.nanoTime();
        FreeStyleProject job = job("true");
        QueueTaskFuture<FreeStyleBuild> queued = job.scheduleBuild2(0);
        created.await();
        long took = Duration.ofNanos(System.nanoTime() - begin).toMillis();
        System.err.println("From the queue to the launcher's first call: " + took + " ms");
        assertTrue(took < 2000, took + " ms");
        queued.cancel(true);
        Queue.getInstance().cancel(job);
        awaitNothingLeft();
    }

    @Test
    void givesEachOfTwoBuildsItsOwnMachine() throws Exception {
        add(FakeEngines.cloud(workspace));
        Future<FreeStyleBuild> one = job("sleep 3").scheduleBuild2(0);
        Future<FreeStyleBuild> two = job("sleep 3").scheduleBuild2(0);
        assertFalse(one.get().getBuiltOnStr().equals(two.get().getBuiltOnStr()));
        awaitNothingLeft();
        assertEquals(2, Collections.frequency(engines.host().calls(), FakeContainerHost.Call.CREATE));
    }

    @Test
    void runsBuildsInTurnUnderACapOfOne() throws Exception {
        VirtainerCloud cloud = FakeEngines.cloud(workspace);
        cloud.setInstanceCap(1);
        add(cloud);
        List<Future<FreeStyleBuild>> builds = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            builds.add(
                    job("test $(ls -d " + workspace + "/workspace | wc -l) = 1").scheduleBuild2(0));
        }
        HashSet<String> agents = new HashSet<>();
        for (Future<FreeStyleBuild> build : builds) {
            jenkins.assertBuildStatusSuccess(build.get());
            agents.add(build.get().getBuiltOnStr());
            assertTrue(Ledger.get().all().size() <= 1);
        }
        assertEquals(3, agents.size());
        awaitNothingLeft();
    }

    @Test
    void keepsAnAgentForAsManyBuildsAsItMayTake() throws Exception {
        VirtainerTemplate template = FakeEngines.template(workspace);
        life(template, life -> life.setMaxBuilds(2));
        add(FakeEngines.cloud("vms", template));
        String first = jenkins.buildAndAssertSuccess(job("true")).getBuiltOnStr();
        assertEquals(first, jenkins.buildAndAssertSuccess(job("true")).getBuiltOnStr());
        awaitNothingLeft();
    }

    @Test
    void tellsAPipelineHowItsMachineBoots() throws Exception {
        add(FakeEngines.cloud(workspace));
        WorkflowRun run = jenkins.buildAndAssertSuccess(pipeline("node('vm') { sh 'true' }"));
        jenkins.assertLogContains("is made for this build: liar:1 on " + FakeEngines.HOST, run);
        jenkins.assertLogContains("Creating container", run);
        jenkins.assertLogContains("ready: SSH answers on port 22", run);
        jenkins.assertLogContains("The agent is ready", run);
        awaitNothingLeft();
    }

    @Test
    void tellsAPipelineWhyItWaits() throws Exception {
        VirtainerCloud cloud = FakeEngines.cloud(workspace);
        cloud.setInstanceCap(1);
        add(cloud);
        WorkflowRun first =
                pipeline("node('vm') { input 'go on?' }").scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("go on?", first);
        WorkflowRun second =
                pipeline("node('vm') { sh 'true' }").scheduleBuild2(0).waitForStart();
        jenkins.waitForMessage("Cloud vms has its 1 agent, and may have no more at once.", second);
        first.doStop();
        jenkins.assertBuildStatusSuccess(jenkins.waitForCompletion(second));
        awaitNothingLeft();
    }

    @Test
    void givesAPipelineItsMachinesAndCarriesFilesBetweenThem() throws Exception {
        add(FakeEngines.cloud(workspace));
        jenkins.buildAndAssertSuccess(pipeline("""
                node('vm') { sh 'echo hello > file'; stash includes: 'file', name: 'files' }
                node('vm') { unstash 'files'; sh 'grep hello file' }
                """));
        awaitNothingLeft();
        assertEquals(2, Collections.frequency(engines.host().calls(), FakeContainerHost.Call.CREATE));
    }

    private WorkflowJob pipeline(String script) throws Exception {
        WorkflowJob job = jenkins.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition(script, true));
        return job;
    }

    @Test
    void removesTheMachineWhenItsBuildIsCancelledDuringTheBoot() throws Exception {
        VirtainerTemplate template = FakeEngines.template(workspace);
        boot(template, boot -> boot.setEnvironment("LIE=idle"));
        add(FakeEngines.cloud("vms", template));
        FreeStyleProject job = job("true");
        job.scheduleBuild2(0);
        await("a machine").atMost(SOON).until(() -> !engines.host().isEmpty());
        Queue.getInstance().cancel(job);
        awaitNothingLeft();
        assertTrue(Mishaps.get().of("vms").isEmpty());
    }

    @Test
    void removesTheMachineWhenItsNodeIsDeletedWhileTheEngineCreatesIt() throws Exception {
        add(FakeEngines.cloud(workspace));
        CountDownLatch reached = engines.host().hangNext(FakeContainerHost.Call.PUT_FILES);
        FreeStyleProject job = job("true");
        job.scheduleBuild2(0);
        reached.await();
        VirtainerAgent agent = VirtainerAgent.all().findFirst().orElseThrow();
        Queue.getInstance().cancel(job);
        agent.terminate();
        awaitNothingLeft();
    }

    @Test
    void removesTheMachineOfANodeThatSomebodyRemoved() throws Exception {
        VirtainerTemplate template = cloudWithAnAgentReady();
        life(template, life -> life.setMinReady(null));
        jenkins.jenkins.removeNode(VirtainerAgent.all().findFirst().orElseThrow());
        awaitNothingLeft();
    }

    private VirtainerTemplate cloudWithAnAgentReady() throws Exception {
        VirtainerTemplate template = FakeEngines.template(workspace);
        life(template, life -> life.setMinReady(1));
        add(FakeEngines.cloud("vms", template));
        Provisioning.get().topUp();
        awaitOnline();
        return template;
    }

    private void awaitOnline() {
        await("an agent online").atMost(SOON).until(() -> VirtainerAgent.all().anyMatch(VirtainerAgent::wasEverOnline));
    }

    @Test
    void keepsAgentsReadyAndMakesUpForThoseThatAreTaken() throws Exception {
        VirtainerTemplate template = cloudWithAnAgentReady();
        String ready = VirtainerAgent.all().findFirst().orElseThrow().getNodeName();
        assertEquals(ready, jenkins.buildAndAssertSuccess(job("true")).getBuiltOnStr());
        await("another")
                .atMost(SOON)
                .until(() -> VirtainerAgent.all()
                        .anyMatch(agent ->
                                agent.wasEverOnline() && !agent.getNodeName().equals(ready)));
        life(template, life -> life.setMinReady(null));
        VirtainerAgent.all().forEach(agent -> agent.retire("the test is over"));
        awaitNothingLeft();
    }

    @Test
    void countsOnNoAgentThatHasTakenAllItsBuilds() throws Exception {
        VirtainerTemplate template = cloudWithAnAgentReady();
        life(template, life -> life.setMinReady(null));
        VirtainerAgent spent = VirtainerAgent.all().findFirst().orElseThrow();
        // As after a restart that lost the build it had.
        spent.takeBuild();
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job("true"));
        assertFalse(spent.isRetiring(), "it was not idle for long enough to make room");
        assertNotEquals(spent.getNodeName(), build.getBuiltOnStr());
        spent.retire("the test is over");
        awaitNothingLeft();
    }

    @Test
    void countsOnNoAgentThatSomebodyMarkedOffline() throws Exception {
        VirtainerTemplate template = cloudWithAnAgentReady();
        VirtainerAgent aside = VirtainerAgent.all().findFirst().orElseThrow();
        aside.toComputer().setTemporaryOfflineCause(new OfflineCause.ByCLI("for a look at it"));
        Provisioning.get().topUp();
        await("another that is ready")
                .atMost(SOON)
                .until(() -> VirtainerAgent.all().anyMatch(agent -> agent != aside && agent.wasEverOnline()));
        life(template, life -> life.setMinReady(null));
        VirtainerAgent.all().filter(agent -> agent != aside).forEach(agent -> agent.retire("the test goes on"));
        assertNotEquals(
                aside.getNodeName(), jenkins.buildAndAssertSuccess(job("true")).getBuiltOnStr());
        assertFalse(aside.isRetiring(), "it was not idle for long enough");
        aside.retire("the test is over");
        awaitNothingLeft();
    }

    @Test
    void givesABuildItsMachineWhateverAListenerThrows() throws Exception {
        add(FakeEngines.cloud("vms", FakeEngines.template(workspace)));
        FreeStyleBuild build = jenkins.buildAndAssertSuccess(job("true"));
        assertEquals(List.of(build.getBuiltOnStr()), Seen.get().committed);
        awaitNothingLeft();
    }

    private static Mishap awaitMishap() {
        List<Mishap> mishaps =
                await("a failure").atMost(SOON).until(() -> Mishaps.get().of("vms"), seen -> !seen.isEmpty());
        return mishaps.get(0);
    }

    @Test
    void saysWhyAMachineDidNotBootAndWaitsBeforeTheNext() throws Exception {
        VirtainerTemplate template = FakeEngines.template(workspace);
        boot(template, boot -> boot.setEnvironment("LIE=panic"));
        add(FakeEngines.cloud("vms", template));
        FreeStyleProject job = job("true");
        job.scheduleBuild2(0);
        Mishap mishap = awaitMishap();
        assertTrue(
                mishap.getSentence().startsWith("Cannot boot liar:1 on fake://host: the guest's kernel panicked"),
                mishap.getSentence());
        assertTrue(mishap.getSentence().contains("| Kernel panic - not syncing"), mishap.getSentence());
        assertTrue(Pauses.get().ofTemplate("vms", "liar:1").isPresent());
        await("no node").atMost(SOON).until(() -> jenkins.jenkins.getNodes().isEmpty());
        assertEquals(1, Collections.frequency(engines.host().calls(), FakeContainerHost.Call.CREATE));
        Queue.getInstance().cancel(job);
        awaitNothingLeft();
    }

    @Test
    void saysThatThereIsNoJava() throws Exception {
        VirtainerTemplate template = FakeEngines.template(workspace);
        agent(template, agent -> agent.setJavaPath("/nowhere/java"));
        add(FakeEngines.cloud("vms", template));
        FreeStyleProject job = job("true");
        job.scheduleBuild2(0);
        assertEquals(
                "There is no Java at \"/nowhere/java\" in liar:1. Say where it is, or nothing, for the one that comes along.",
                awaitMishap().getSentence());
        Queue.getInstance().cancel(job);
        awaitNothingLeft();
    }

    @Test
    void saysThatAPluginDoesNotTakeItsAgentsAndWaitsBeforeTheNext() throws Exception {
        add(FakeEngines.cloud(workspace));
        failsOnceWith("Cannot start the agent: java.lang.NoSuchMethodError: of an older plugin");
    }

    @Test
    void saysThatJenkinsRefusedTheAgentsProgramAndWaitsBeforeTheNext() throws Exception {
        VirtainerTemplate template = FakeEngines.template(workspace);
        String java = javaWithAnOlderAgent().toString();
        agent(template, agent -> agent.setJavaPath(java));
        add(FakeEngines.cloud("vms", template));
        failsOnceWith("Jenkins did not keep the connection to the agent's program in liar:1. Its log says why.");
    }

    /** Holds a build's first machine to a mishap, after which no other is made at once, and nothing is left. */
    private void failsOnceWith(String sentence) throws Exception {
        FreeStyleProject job = job("true");
        job.scheduleBuild2(0);
        assertEquals(sentence, awaitMishap().getSentence());
        assertTrue(Pauses.get().ofTemplate("vms", "liar:1").isPresent());
        Queue.getInstance().cancel(job);
        awaitNothingLeft();
        assertEquals(1, Collections.frequency(engines.host().calls(), FakeContainerHost.Call.CREATE));
    }

    /** A Java in which the agent's program says that it is older than any that Jenkins still takes. */
    private Path javaWithAnOlderAgent() throws IOException {
        Path version = workspace.resolve("older/hudson/remoting/hudson-version.properties");
        Files.createDirectories(version.getParent());
        Files.writeString(version, "version=1.0\n");
        Path java = Files.writeString(workspace.resolve("java"), """
                #!/bin/sh
                for word; do
                  shift
                  case $word in
                    -jar) continue ;;
                    remoting.jar) set -- "$@" -cp %s:remoting.jar hudson.remoting.Launcher ;;
                    *) set -- "$@" "$word" ;;
                  esac
                done
                exec java "$@"
                """.formatted(workspace.resolve("older")));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        return java;
    }

    @Test
    void saysThatTheInitScriptFailed() throws Exception {
        VirtainerTemplate template = FakeEngines.template(workspace);
        agent(template, agent -> agent.setInitScript("echo so it is\nexit 7"));
        add(FakeEngines.cloud("vms", template));
        FreeStyleProject job = job("true");
        job.scheduleBuild2(0);
        assertEquals(
                "The init script of template liar:1 ended with status 7. What it said stands above.",
                awaitMishap().getSentence());
        Queue.getInstance().cancel(job);
        awaitNothingLeft();
    }

    @Test
    void runsTheInitScriptBeforeTheAgent() throws Exception {
        VirtainerTemplate template = FakeEngines.template(workspace);
        agent(template, agent -> agent.setInitScript("#!/bin/sh\necho prepared > " + workspace + "/prepared"));
        add(FakeEngines.cloud("vms", template));
        jenkins.buildAndAssertSuccess(job("grep prepared " + workspace + "/prepared"));
        awaitNothingLeft();
    }

    @Test
    void goesToAnotherHostWhenOneDoesNotAnswer() throws Exception {
        String other = "unix:///fake/two.sock";
        VirtainerCloud cloud = FakeEngines.cloud(workspace);
        cloud.setHosts(List.of(new VirtainerHost(FakeEngines.HOST), new VirtainerHost(other)));
        add(cloud);
        for (VirtainerHost host : cloud.getHosts()) {
            Engines.get().ask(host);
        }
        engines.host()
                .failNext(FakeContainerHost.Call.INFO, Failure.ENGINE_UNREACHABLE.because("Nobody answers there."));
        jenkins.buildAndAssertSuccess(job("true"));
        assertEquals(
                "Nobody answers there.",
                Pauses.get().ofHost(FakeEngines.HOST).orElseThrow().reason());
        assertTrue(engines.host(other).calls().contains(FakeContainerHost.Call.CREATE));
        awaitNothingLeft();
    }

    @Test
    void removesAMachineLaterWhenItsHostIsAway() throws Exception {
        VirtainerTemplate template = FakeEngines.template(workspace);
        add(FakeEngines.cloud("vms", template));
        FreeStyleProject job = job("true");
        engines.host()
                .failAll(FakeContainerHost.Call.LIST, Failure.ENGINE_UNREACHABLE.because("Nobody answers there."));
        jenkins.buildAndAssertSuccess(job);
        await("no node").atMost(SOON).until(() -> jenkins.jenkins.getNodes().isEmpty());
        assertEquals(1, Disposals.get().pending().size());
        assertFalse(engines.host().isEmpty());
        assertEquals(1, Ledger.get().all().size(), "what is not removed takes room");
        engines.host().heal(FakeContainerHost.Call.LIST);
        Disposals.get().retry();
        awaitNothingLeft();
    }

    @Test
    void takesAwayAnAgentWhoseMachineWasToBeRemovedWhenTheControllerEnded() throws Exception {
        VirtainerTemplate template = cloudWithAnAgentReady();
        life(template, life -> life.setMinReady(null));
        VirtainerAgent agent = VirtainerAgent.all().findFirst().orElseThrow();
        engines.host()
                .failAll(FakeContainerHost.Call.LIST, Failure.ENGINE_UNREACHABLE.because("Nobody answers there."));
        Disposals.get().dispose(agent.claim(), agent.host(), false, TaskListener.NULL);
        // As after the next start of the controller.
        VirtainerComputer computer = assertInstanceOf(VirtainerComputer.class, agent.toComputer());
        new VirtainerRetention(1).start(computer);
        await("no node").atMost(SOON).until(() -> jenkins.jenkins.getNodes().isEmpty());
        assertEquals(1, Disposals.get().pending().size(), "it is to be removed once");
        engines.host().heal(FakeContainerHost.Call.LIST);
        Disposals.get().retry();
        awaitNothingLeft();
    }

    @Test
    void takesNoMoreBuildsThanItMayHoweverManyOfItsExecutorsAreFree() throws Exception {
        VirtainerTemplate template = FakeEngines.template(workspace);
        life(template, life -> life.setMaxBuilds(4));
        agent(template, agent -> agent.setExecutors(3));
        add(FakeEngines.cloud("vms", template));
        List<Future<FreeStyleBuild>> builds = new ArrayList<>();
        builds.add(job("sleep 20").scheduleBuild2(0));
        builds.add(job("sleep 1").scheduleBuild2(0));
        builds.add(job("sleep 1").scheduleBuild2(0));
        builds.get(1).get();
        builds.get(2).get();
        // Of three that come at once, when two executors are free, it may take one.
        for (int i = 0; i < 3; i++) {
            builds.add(job("sleep 3").scheduleBuild2(0));
        }
        Map<String, Integer> ofAgent = new HashMap<>();
        for (Future<FreeStyleBuild> build : builds) {
            ofAgent.merge(build.get().getBuiltOnStr(), 1, Integer::sum);
        }
        assertTrue(ofAgent.values().stream().allMatch(number -> number <= 4), ofAgent.toString());
        assertTrue(ofAgent.size() >= 2, ofAgent.toString());
        VirtainerAgent.all().forEach(agent -> agent.retire("the test is over"));
        awaitNothingLeft();
    }

    @Test
    void endsABuildWhoseMachineEnds() throws Exception {
        add(FakeEngines.cloud(workspace));
        FreeStyleProject job = job("sleep 300");
        FreeStyleBuild build = job.scheduleBuild2(0).waitForStart();
        awaitOnline();
        engines.host().killAll(137);
        jenkins.assertBuildStatus(Result.FAILURE, jenkins.waitForCompletion(build));
        awaitNothingLeft();
        assertTrue(Mishaps.get()
                .of("vms")
                .get(0)
                .getSentence()
                .endsWith("ended while it was in use: its container ended with status 137."));
    }

    @Test
    void removesWhatHasNoAgentAndNothingElse() throws Exception {
        add(FakeEngines.cloud(workspace));
        FakeContainerHost host = engines.host();
        create(host, "orphan", Ownership.ofAgent(Installation.owner(), "vms", "orphan"));
        create(host, "strange", Ownership.ofAgent("jenkins-other", "vms", "strange"));
        create(host, "person", Ownership.of("somebody"));
        host.killAll(0);
        create(host, "wanted", Ownership.ofAgent(Installation.owner(), "vms", "wanted"));
        host.start(host.list(Map.of()).get(3).id());
        Reaping.onEveryHost();
        assertEquals(4, host.list(Map.of()).size(), "too young");
        host.advance(Duration.ofMinutes(4));
        host.failNext(FakeContainerHost.Call.LIST, Failure.ENGINE_TIMEOUT.because("The answer did not come."));
        Reaping.onEveryHost();
        assertEquals(4, host.list(Map.of()).size(), "never without the whole list");
        Reaping.onEveryHost();
        assertEquals(
                List.of("strange", "person", "wanted"),
                host.list(Map.of()).stream().map(container -> container.name()).toList());
    }

    @Test
    void removesAProbeWhoseAskerWasKilled() throws Exception {
        add(FakeEngines.cloud(workspace));
        FakeContainerHost host = engines.host();
        Map<String, String> labels =
                new HashMap<>(Ownership.of(Installation.owner()).labels());
        labels.put(Labels.LEASE, "60");
        create(host, "probe", labels);
        host.advance(Duration.ofMinutes(3));
        Reaping.onEveryHost();
        assertFalse(host.isEmpty(), "somebody may still ask it");
        host.advance(Duration.ofMinutes(2));
        Reaping.onEveryHost();
        assertTrue(host.isEmpty());
    }

    @Test
    void removesAKeeperOfTemplatesWhoseStarterWasKilled() throws Exception {
        add(FakeEngines.cloud(workspace));
        FakeContainerHost host = engines.host();
        create(host, "keeper", Map.of(Labels.KEEPER, "templates"));
        Reaping.onEveryHost();
        assertFalse(host.isEmpty(), "it may be about to start");
        host.advance(Duration.ofHours(1));
        Reaping.onEveryHost();
        assertTrue(host.isEmpty());
    }

    private static void create(FakeContainerHost host, String name, Ownership ownership) throws Exception {
        create(host, name, ownership.labels());
    }

    private static void create(FakeContainerHost host, String name, Map<String, String> labels) throws Exception {
        host.create(ContainerRequest.of(
                        host.findImage(FakeContainerHost.IMAGE).orElseThrow().id(),
                        new io.jenkins.plugins.virtainers.engine.spec.VmName(name))
                .labels(labels)
                .build());
    }

    @Test
    void removesANodeWhoseMachineIsGone() throws Exception {
        VirtainerTemplate template = cloudWithAnAgentReady();
        life(template, life -> life.setMinReady(null));
        FakeContainerHost host = engines.host();
        host.remove(host.list(Map.of(Labels.OWNER, "")).get(0).id());
        Reaping.onEveryHost();
        awaitNothingLeft();
    }

    @Test
    void renewsTheLeasesOfItsMachines() throws Exception {
        VirtainerTemplate template = cloudWithAnAgentReady();
        jenkins.jenkins.getExtensionList(LeaseRenewal.class).get(0).renew();
        assertTrue(
                engines.host().onlyContainer().modified("/run/virtainers/lease").isPresent());
        life(template, life -> life.setMinReady(null));
        VirtainerAgent.all().forEach(agent -> agent.retire("the test is over"));
        awaitNothingLeft();
    }

    @Test
    void makesNoAgentsWhileSwitchedOffOrShuttingDown() throws Exception {
        VirtainerCloud cloud = add(FakeEngines.cloud(workspace));
        Pauses.get().disable("vms", Duration.ofHours(1), "maintenance");
        assertTrue(cloud.provision(new Cloud.CloudState(Label.get("vm"), 0), 1).isEmpty());
        Pauses.get().enable("vms");
        jenkins.jenkins.doQuietDown();
        assertTrue(cloud.provision(new Cloud.CloudState(Label.get("vm"), 0), 1).isEmpty());
        assertFalse(cloud.canProvision(new Cloud.CloudState(Label.get("vm"), 0)));
        jenkins.jenkins.doCancelQuietDown();
        assertTrue(cloud.canProvision(new Cloud.CloudState(Label.get("vm"), 0)));
    }

    @Test
    void servesBuildsByLabelAndUsage() {
        VirtainerTemplate exclusive = FakeEngines.template(workspace);
        assertTrue(exclusive.serves(Label.get("vm")));
        assertFalse(exclusive.serves(Label.get("other")));
        assertFalse(exclusive.serves(null));
        agent(exclusive, agent -> agent.setMode(Node.Mode.NORMAL));
        assertTrue(exclusive.serves(null));
    }

    @Test
    void saysThatThereIsNoSuchImage() throws Exception {
        VirtainerTemplate template = new VirtainerTemplate("nowhere:1");
        template.setLabels("vm");
        add(FakeEngines.cloud("vms", template));
        FreeStyleProject job = job("true");
        job.scheduleBuild2(0);
        assertEquals(
                "Cannot find image " + ImageRef.parse("nowhere:1") + " on fake://host.",
                awaitMishap().getSentence());
        Queue.getInstance().cancel(job);
        awaitNothingLeft();
    }

    @Test
    void decidesBeforeJenkinsOwnStrategy() {
        assertInstanceOf(
                Provisioning.Strategy.class,
                jenkins.jenkins.getExtensionList(NodeProvisioner.Strategy.class).get(0));
    }

    /** A plugin that was made for another Jenkins. */
    @TestExtension("saysThatAPluginDoesNotTakeItsAgentsAndWaitsBeforeTheNext")
    public static class Misfit extends ComputerListener {
        @Override
        public void preOnline(Computer computer, Channel channel, FilePath root, TaskListener listener) {
            throw new NoSuchMethodError("of an older plugin");
        }
    }

    /** Fails at every word. */
    @TestExtension("givesABuildItsMachineWhateverAListenerThrows")
    public static class Failing extends CloudProvisioningListener {
        @Override
        public CauseOfBlockage canProvision(Cloud cloud, Cloud.CloudState state, int numExecutors) {
            throw new IllegalStateException("of a listener");
        }

        @Override
        public void onStarted(Cloud cloud, Label label, Collection<NodeProvisioner.PlannedNode> plannedNodes) {
            throw new IllegalStateException("of a listener");
        }

        @Override
        public void onComplete(NodeProvisioner.PlannedNode planned, Node node) {
            throw new IllegalStateException("of a listener");
        }

        @Override
        public void onCommit(NodeProvisioner.PlannedNode planned, Node node) {
            throw new NoSuchMethodError("of a listener");
        }
    }

    /** Remembers what listeners are told. */
    @TestExtension
    public static class Seen extends CloudProvisioningListener {
        private final List<String> started = Collections.synchronizedList(new ArrayList<>());
        private final List<String> committed = Collections.synchronizedList(new ArrayList<>());

        static Seen get() {
            return CloudProvisioningListener.all().get(Seen.class);
        }

        @Override
        public void onStarted(Cloud cloud, Label label, Collection<NodeProvisioner.PlannedNode> plannedNodes) {
            plannedNodes.forEach(planned -> started.add(planned.displayName));
        }

        @Override
        public void onCommit(NodeProvisioner.PlannedNode planned, Node node) {
            committed.add(node.getNodeName());
        }
    }
}
