package io.jenkins.plugins.virtainers.fleet;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class HostRoundsTest {
    @Test
    void oneThatHangsOrFailsKeepsNoOtherWaitingAndIsVisitedByOneThread(JenkinsRule jenkins) throws Exception {
        HostRounds rounds = new HostRounds("a test", Duration.ofMillis(200));
        CountDownLatch hang = new CountDownLatch(1);
        AtomicInteger hung = new AtomicInteger();
        AtomicInteger visited = new AtomicInteger();
        HostRounds.Work<String> work = hosts -> {
            switch (hosts.get(0)) {
                case "hangs" -> {
                    hung.incrementAndGet();
                    hang.await();
                }
                case "fails" -> throw new IllegalStateException("as a test");
                default -> visited.incrementAndGet();
            }
        };
        assertFalse(visit(rounds, work), "one still hangs");
        assertFalse(visit(rounds, work), "one was busy");
        await("both rounds").until(() -> visited.get() == 2);
        assertEquals(1, hung.get());
        hang.countDown();
        await("a third on the host that hung").until(() -> {
            boolean everywhere = visit(rounds, work);
            return everywhere && hung.get() > 1;
        });
    }

    private static boolean visit(HostRounds rounds, HostRounds.Work<String> work) throws InterruptedException {
        return rounds.run(Stream.of("hangs", "fails", "works"), Function.identity(), work);
    }
}
