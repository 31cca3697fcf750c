package io.jenkins.plugins.virtainers;

import static io.jenkins.plugins.virtainers.TemplateChanges.agent;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.agent.VirtainerComputer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/**
 * A controller that dies and comes back, with real machines. What runs in it has another class loader than the plugin, so
 * it sees no more of that than everybody does.
 */
class RestartIT {
    private static final Duration BOOT = Duration.ofMinutes(5);

    /** In tests, a pipeline gives its agent up after 15 s; elsewhere after this, and an emulated guest needs more. */
    private static final String PATIENCE =
            "-Dorg.jenkinsci.plugins.workflow.support.pickles.ExecutorPickle.timeoutForNodeMillis=300000";

    @RegisterExtension
    private final RealJenkinsExtension controller = new RealJenkinsExtension()
            .javaOptions(PATIENCE)
            .withTimeout(1200)
            .withLogger("io.jenkins.plugins.virtainers", Level.FINE);

    private String uri;
    private String owner;

    @BeforeEach
    void setUp() throws Throwable {
        uri = RealGuests.uri();
        controller.startJenkins();
        owner = controller.runRemotely(RestartIT::owner);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        if (uri != null) {
            await("no machine")
                    .atMost(BOOT)
                    .until(() -> RealGuests.machines(uri, owner).isEmpty());
        }
    }

    private static String owner(JenkinsRule jenkins) {
        try {
            Matcher name = Pattern.compile("<name>(.*)</name>")
                    .matcher(Files.readString(
                            jenkins.jenkins.getRootDir().toPath().resolve("virtainers-installation.xml")));
            assertTrue(name.find());
            return name.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the agent had waited in the memory template, or was started, what it runs goes on without it. */
    @ParameterizedTest(name = "the agent had waited: {0}")
    @ValueSource(booleans = {false, true})
    void finishesABuildOnTheSameMachineAfterTheControllerWasKilled(boolean waits) throws Throwable {
        if (waits) {
            controller.runRemotely(RestartIT::haveTemplateMade, uri);
        }
        controller.runRemotely(RestartIT::startBuild, uri, waits);
        List<String> before = RealGuests.machines(uri, owner);
        assertEquals(1, before.size(), before.toString());
        controller.stopJenkinsForcibly();
        controller.startJenkins();
        controller.runRemotely(RestartIT::finishBuild);
    }

    private static void haveTemplateMade(JenkinsRule jenkins, String uri) throws Throwable {
        queueBuild(jenkins, uri);
        finishBoot(jenkins);
        RealGuests.awaitTemplate(uri, BOOT);
        jenkins.jenkins.clouds.clear();
    }

    private static void startBuild(JenkinsRule jenkins, String uri, boolean waits) throws Throwable {
        VirtainerCloud cloud = RealGuests.cloud(uri);
        agent(cloud.getTemplates().get(0), agent -> agent.setInTemplate(waits));
        jenkins.jenkins.clouds.add(cloud);
        jenkins.jenkins.save();
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "long");
        job.setDefinition(new CpsFlowDefinition("""
                node('vm') {
                  sh 'echo boot=$(cat /proc/sys/kernel/random/boot_id); sleep 30; echo boot=$(cat /proc/sys/kernel/random/boot_id); echo finished'
                }
                """, true));
        WorkflowRun run = job.scheduleBuild2(0).waitForStart();
        await("the first line")
                .atMost(BOOT)
                .until(() -> Pattern.compile("(?m)^boot=")
                        .matcher(JenkinsRule.getLog(run))
                        .find());
        VirtainerComputer computer = computers(jenkins).findFirst().orElseThrow();
        assertEquals(waits, computer.getLog().contains("Joining the agent that waits"), computer.getLog());
        // What a pipeline has not written down when it is killed, it does again, on another machine.
        await("the pipeline's state on disk")
                .atMost(BOOT)
                .until(() -> !Objects.requireNonNull(run.getExecution()).blocksRestart());
    }

    private static void finishBuild(JenkinsRule jenkins) throws Throwable {
        WorkflowRun run = Objects.requireNonNull(jenkins.jenkins.getItemByFullName("long", WorkflowJob.class))
                .getBuildByNumber(1);
        await("the build's end").atMost(BOOT).until(() -> !run.isBuilding());
        System.err.println(JenkinsRule.getLog(run));
        jenkins.assertBuildStatusSuccess(run);
        jenkins.assertLogContains("finished", run);
        Matcher boots = Pattern.compile("(?m)^boot=(.*)$").matcher(JenkinsRule.getLog(run));
        assertTrue(boots.find());
        String first = boots.group(1);
        assertTrue(boots.find());
        assertEquals(first, boots.group(1));
        await("no node").atMost(BOOT).until(() -> jenkins.jenkins.getNodes().isEmpty());
    }

    @Test
    void findsTheMachineThatWasBootingWhenTheControllerWasKilled() throws Throwable {
        controller.runRemotely(RestartIT::startBoot, uri);
        List<String> before = RealGuests.machines(uri, owner);
        assertEquals(1, before.size(), before.toString());
        controller.stopJenkinsForcibly();
        controller.startJenkins();
        String agent = controller.runRemotely(RestartIT::finishBoot);
        assertEquals(before, List.of(agent));
    }

    /** The build gets a machine in the end, and no other is left. */
    @Tag("long")
    @ParameterizedTest(name = "{0} steps of the launch done")
    @ValueSource(ints = {0, 1, 2, 3, 5, 6})
    void finishesABuildWhereverInALaunchTheControllerWasKilled(int steps) throws Throwable {
        dieAndFinish(steps);
    }

    @Test
    void finishesABuildAfterALaunchInWhichTheControllerWasKilled() throws Throwable {
        dieAndFinish(4);
    }

    private void dieAndFinish(int steps) throws Throwable {
        controller.runRemotely(RestartIT::queueBuild, uri);
        assertThrows(IOException.class, () -> controller.runRemotely(RestartIT::dieAfter, steps));
        controller.stopJenkinsForcibly();
        controller.startJenkins();
        controller.runRemotely(RestartIT::finishBoot);
    }

    private static void dieAfter(JenkinsRule jenkins, int steps) throws Throwable {
        await("the step")
                .atMost(BOOT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> computers(jenkins)
                        .anyMatch(computer -> computer.getBootSteps().size() >= steps));
        // As kill -9 does: nothing is written any more.
        Runtime.getRuntime().halt(137);
    }

    private static void startBoot(JenkinsRule jenkins, String uri) throws Throwable {
        queueBuild(jenkins, uri);
        await("a machine")
                .atMost(BOOT)
                .until(() -> computers(jenkins).anyMatch(computer -> computer.getContainerId() != null));
    }

    private static void queueBuild(JenkinsRule jenkins, String uri) throws Throwable {
        jenkins.jenkins.clouds.add(RealGuests.cloud(uri));
        jenkins.jenkins.save();
        WorkflowJob job = jenkins.createProject(WorkflowJob.class, "short");
        job.setDefinition(new CpsFlowDefinition("node('vm') { sh 'echo on=$NODE_NAME' }", true));
        job.scheduleBuild2(0).waitForStart();
    }

    private static Stream<VirtainerComputer> computers(JenkinsRule jenkins) {
        return Stream.of(jenkins.jenkins.getComputers())
                .filter(VirtainerComputer.class::isInstance)
                .map(VirtainerComputer.class::cast);
    }

    private static String finishBoot(JenkinsRule jenkins) throws Throwable {
        WorkflowRun run = Objects.requireNonNull(jenkins.jenkins.getItemByFullName("short", WorkflowJob.class))
                .getBuildByNumber(1);
        await("the build's end").atMost(BOOT).until(() -> !run.isBuilding());
        jenkins.assertBuildStatusSuccess(run);
        Matcher on = Pattern.compile("(?m)^on=(.*)$").matcher(JenkinsRule.getLog(run));
        assertTrue(on.find());
        await("no node").atMost(BOOT).until(() -> jenkins.jenkins.getNodes().isEmpty());
        return on.group(1);
    }
}
