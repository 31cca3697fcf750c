package io.jenkins.plugins.virtainers.provisioning;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Label;
import hudson.model.Node;
import hudson.model.queue.QueueTaskFuture;
import hudson.slaves.CloudProvisioningListener;
import hudson.slaves.NodeProvisioner;
import hudson.tasks.Shell;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.engine.host.FakeContainerHost;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import io.jenkins.plugins.virtainers.fleet.FakeEngines;
import io.jenkins.plugins.virtainers.fleet.Ledger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class ProvisioningTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path workspace;

    private static QueueTaskFuture<FreeStyleBuild> build(JenkinsRule jenkins, String label) throws Exception {
        FreeStyleProject job = jenkins.createFreeStyleProject();
        job.setAssignedLabel(Label.get(label));
        job.getBuildersList().add(new Shell("true"));
        return job.scheduleBuild2(0);
    }

    @Test
    void aListenerThatHangsKeepsNoOtherLabelWaitingAndNothingComesTwice(JenkinsRule jenkins) throws Exception {
        FakeEngines engines = FakeEngines.install();
        VirtainerTemplate slow = FakeEngines.template(workspace.resolve("slow"));
        slow.setName("slow");
        slow.setLabels("slow");
        VirtainerTemplate quick = FakeEngines.template(workspace.resolve("quick"));
        quick.setName("quick");
        quick.setLabels("quick");
        jenkins.jenkins.clouds.add(FakeEngines.cloud("vms", slow, quick));
        Hanging listener = ExtensionList.lookupSingleton(Hanging.class);

        QueueTaskFuture<FreeStyleBuild> held = build(jenkins, "slow");
        listener.reached.await();
        // Jenkins' own reviews, too, find what is on its way.
        assertTrue(Provisioning.get().meet(Label.get("slow")));
        jenkins.assertBuildStatusSuccess(build(jenkins, "quick"));
        assertEquals(1, listener.held.getCount(), "still held");
        listener.held.countDown();
        jenkins.assertBuildStatusSuccess(held);
        await("nothing left")
                .atMost(SOON)
                .until(() -> jenkins.jenkins.getNodes().isEmpty()
                        && engines.host().isEmpty()
                        && Ledger.get().all().isEmpty());
        assertEquals(2, Collections.frequency(engines.host().calls(), FakeContainerHost.Call.CREATE));
    }

    @Test
    void aHostThatHasNotAnsweredYetIsNotGivenMoreThanItHas(JenkinsRule jenkins) throws Exception {
        FakeEngines engines = FakeEngines.install();
        engines.host().setMemory(MemorySize.parse("4G"));
        CountDownLatch goOn = new CountDownLatch(1);
        // Of who asks what the host is, and of who starts the first machine.
        List<CountDownLatch> asked = List.of(
                engines.host().holdNext(FakeContainerHost.Call.INFO, goOn),
                engines.host().holdNext(FakeContainerHost.Call.INFO, goOn));
        VirtainerTemplate template = FakeEngines.template(workspace);
        template.setMemory("1G");
        jenkins.jenkins.clouds.add(FakeEngines.cloud("vms", template));
        List<QueueTaskFuture<FreeStyleBuild>> builds = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            builds.add(build(jenkins, "vm"));
        }
        for (CountDownLatch call : asked) {
            call.await();
        }
        assertEquals(1, Ledger.get().all().size());
        AtomicInteger most = new AtomicInteger();
        Thread counter = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                most.accumulateAndGet(Ledger.get().all().size(), Math::max);
                Thread.onSpinWait();
            }
        });
        counter.start();
        goOn.countDown();
        for (QueueTaskFuture<FreeStyleBuild> build : builds) {
            jenkins.assertBuildStatusSuccess(build);
        }
        counter.interrupt();
        counter.join();
        // Nine tenths of 4G, of which each takes 1G and QEMU's 256M.
        assertEquals(2, most.get());
    }

    /** Another plugin's, which does not come back before it may. */
    @TestExtension
    public static class Hanging extends CloudProvisioningListener {
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch held = new CountDownLatch(1);

        @Override
        public void onComplete(NodeProvisioner.PlannedNode plan, @NonNull Node node) {
            if (plan.displayName.startsWith("slow")) {
                reached.countDown();
                try {
                    held.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
