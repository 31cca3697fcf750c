package io.jenkins.plugins.virtainers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Label;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import hudson.tasks.Shell;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import jenkins.security.MasterToSlaveCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestBuilder;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * Many builds, each on a machine of its own whose agent waited in the memory template: that all of them succeed, that
 * their agents share nothing that must be their own, and know the time. Takes a quarter of an hour; run by hand, see
 * docs/performance.md.
 */
@WithJenkins
class ManyBuildsSoak {
    private static final int BUILDS = Integer.getInteger("virtainers.soak.builds", 100);
    private static final int AT_ONCE = 4;
    private static final int PER_AGENT = 5;
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final long CLOCKS_DIFFER_MILLIS = 2000;

    private final ConcurrentLinkedQueue<String> drawn = new ConcurrentLinkedQueue<>();
    private JenkinsRule jenkins;
    private String uri;
    private FreeStyleProject job;

    @BeforeEach
    void setUp(JenkinsRule rule) throws Exception {
        jenkins = rule;
        jenkins.timeout = 0;
        uri = RealGuests.uri();
        VirtainerCloud cloud = RealGuests.cloud(uri);
        cloud.setInstanceCap(AT_ONCE);
        jenkins.jenkins.clouds.add(cloud);
        job = jenkins.createFreeStyleProject();
        job.setAssignedLabel(Label.get("vm"));
        job.setConcurrentBuild(true);
        // Builds that differ in nothing would be one.
        job.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("NUMBER", "")));
        job.getBuildersList().add(new Shell("java -version && sudo id -un"));
        job.getBuildersList().add(new Drawing());
        // The first guest has the template made that the others are restored from.
        build(0).get(LONG.toSeconds(), TimeUnit.SECONDS);
        RealGuests.awaitTemplate(uri, LONG);
        drawn.clear();
    }

    @AfterEach
    void nothingIsLeft() {
        if (uri != null) {
            RealGuests.awaitNothingLeft(uri, LONG);
        }
    }

    @Test
    void inARow() throws Exception {
        for (int number = 1; number <= BUILDS; number++) {
            jenkins.assertBuildStatusSuccess(build(number).get(LONG.toSeconds(), TimeUnit.SECONDS));
        }
        nothingIsShared(BUILDS);
    }

    @Test
    void fourAtATime() throws Exception {
        List<Future<FreeStyleBuild>> builds = new ArrayList<>();
        for (int number = 1; number <= BUILDS; number++) {
            builds.add(build(number));
        }
        for (Future<FreeStyleBuild> build : builds) {
            jenkins.assertBuildStatusSuccess(build.get(LONG.toSeconds() * BUILDS, TimeUnit.SECONDS));
        }
        nothingIsShared(BUILDS);
    }

    private Future<FreeStyleBuild> build(int number) {
        return job.scheduleBuild2(
                0, new ParametersAction(new StringParameterValue("NUMBER", Integer.toString(number))));
    }

    private void nothingIsShared(int builds) {
        Set<String> different = new HashSet<>(drawn);
        assertEquals(builds * PER_AGENT, drawn.size());
        assertEquals(builds * PER_AGENT, different.size(), "two agents drew the same");
    }

    /** Asks the build's agent for what nobody else may have, and for its time. */
    private final class Drawing extends TestBuilder {
        @Override
        public boolean perform(AbstractBuild<?, ?> build, Launcher launcher, BuildListener listener)
                throws InterruptedException, IOException {
            long before = System.currentTimeMillis();
            Drawn said = launcher.getChannel().call(new Draw());
            long after = System.currentTimeMillis();
            assertTrue(
                    said.millis > before - CLOCKS_DIFFER_MILLIS && said.millis < after + CLOCKS_DIFFER_MILLIS,
                    "its time is off by " + (said.millis - after) + " ms");
            assertEquals(PER_AGENT, said.values.size());
            drawn.addAll(said.values);
            return true;
        }
    }

    private record Drawn(ArrayList<String> values, long millis) implements java.io.Serializable {}

    private static final class Draw extends MasterToSlaveCallable<Drawn, IOException> {
        private static final long serialVersionUID = 1;

        @Override
        public Drawn call() throws IOException {
            SecureRandom random = new SecureRandom();
            File file = File.createTempFile("soak", ".tmp");
            return new Drawn(
                    new ArrayList<>(List.of(
                            Long.toHexString(random.nextLong()),
                            Long.toHexString(new SecureRandom().nextLong()),
                            UUID.randomUUID().toString(),
                            file.getName(),
                            InetAddress.getLocalHost().getHostName())),
                    System.currentTimeMillis());
        }
    }
}
