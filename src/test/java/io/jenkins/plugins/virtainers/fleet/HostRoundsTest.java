package io.jenkins.plugins.virtainers.fleet;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
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
        Map<String, HostRounds.Work> works = new LinkedHashMap<>();
        works.put("hangs", () -> {
            hung.incrementAndGet();
            hang.await();
        });
        works.put("fails", () -> {
            throw new IllegalStateException("as a test");
        });
        works.put("works", visited::incrementAndGet);
        rounds.run(works);
        rounds.run(works);
        await("both rounds").until(() -> visited.get() == 2);
        assertEquals(1, hung.get());
        hang.countDown();
        await("a third on the host that hung").until(() -> {
            rounds.run(works);
            return hung.get() > 1;
        });
    }
}
