package io.jenkins.plugins.virtainers.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final HostOffer ANY =
            new HostOffer("any", OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty());

    private final Ledger ledger = new Ledger();
    private int serial;

    @Test
    void grantsWhatNobodyLimits() {
        for (int i = 0; i < 100; i++) {
            granted(wish("vms", "debian"), ANY);
        }
    }

    @Test
    void refusesMoreAgentsThanACloudMayHave() {
        granted(capped("vms", 2, "debian", 9), ANY);
        granted(capped("vms", 2, "fedora", 9), ANY);
        assertEquals(
                "Cloud vms has its 2 agents, and may have no more at once.", refused(capped("vms", 2, "arch", 9), ANY));
    }

    @Test
    void refusesMoreAgentsThanATemplateMayHave() {
        granted(capped("vms", 9, "debian", 1), ANY);
        assertEquals(
                "Template debian of cloud vms has its 1 agent, and may have no more at once.",
                refused(capped("vms", 9, "debian", 1), ANY));
        granted(capped("vms", 9, "fedora", 1), ANY);
        granted(capped("other", 9, "debian", 1), ANY);
    }

    @Test
    void refusesWhatNoHostHasRoomFor() {
        HostOffer small = host("small", 9, 9, "3G");
        granted(wish("vms", "debian"), small);
        assertEquals(
                "No host of cloud vms has room for another agent with 2 CPUs and 2G of memory.",
                refused(wish("vms", "debian"), small));
    }

    @Test
    void countsWhatEachMachineTakesBesideItsGuestsMemory() {
        HostOffer measured = new HostOffer(
                "measured",
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.of(MemorySize.parse("4G")),
                Optional.of(MemorySize.parse("256M")));
        granted(wish("vms", "debian"), measured);
        assertEquals(new Ledger.Use(1, 2, 2304), ledger.use(measured));
        refused(wish("vms", "debian"), measured);
    }

    @Test
    void countsWhatOtherCloudsTakeOfAHost() {
        HostOffer shared = host("shared", 1, 99, "99G");
        granted(wish("one", "debian"), shared);
        refused(wish("two", "debian"), shared);
    }

    @Test
    void goesWhereTheLargestShareIsFree() {
        HostOffer large = host("large", 10, 40, "64G");
        HostOffer small = host("small", 10, 10, "8G");
        assertEquals("large", granted(wish("vms", "debian"), small, large).host());
        assertEquals("large", granted(wish("vms", "debian"), small, large).host());
        HostOffer nowTight = host("large", 3, 40, "64G");
        assertEquals("small", granted(wish("vms", "debian"), small, nowTight).host());
    }

    @Test
    void spreadsAgentsOverHostsWithoutLimits() {
        HostOffer other =
                new HostOffer("other", OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), Optional.empty());
        assertEquals("any", granted(wish("vms", "debian"), ANY, other).host());
        assertEquals("other", granted(wish("vms", "debian"), ANY, other).host());
        assertEquals("any", granted(wish("vms", "debian"), ANY, other).host());
    }

    @Test
    void givesBackWhatIsReleased() {
        Claim first = granted(capped("vms", 1, "debian", 1), ANY);
        refused(capped("vms", 1, "debian", 1), ANY);
        ledger.release(first.agent());
        ledger.release("nobody");
        granted(capped("vms", 1, "debian", 1), ANY);
    }

    @Test
    void countsAgentsThatWereThereBefore() {
        ledger.enter(new Claim("old", "vms", "debian", "any", 2, MemorySize.parse("2G")));
        ledger.enter(new Claim("old", "vms", "debian", "any", 2, MemorySize.parse("2G")));
        assertEquals(1, ledger.use(ANY).agents());
        refused(capped("vms", 1, "debian", 9), ANY);
    }

    @Test
    void keepsToACapHoweverManyAskAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Ledger.Answer>> wishes = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                Ledger.Wish wish = capped("vms", 7, "debian", 7);
                wishes.add(() -> ledger.claim(wish, List.of(ANY)));
            }
            int granted = 0;
            for (Future<Ledger.Answer> answer : threads.invokeAll(wishes)) {
                granted += answer.get() instanceof Ledger.Answer.Granted ? 1 : 0;
            }
            assertEquals(7, granted);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void saysHowFullAHostIs() {
        granted(wish("vms", "debian"), ANY);
        granted(wish("vms", "debian"), ANY);
        assertEquals(new Ledger.Use(2, 4, 4096), ledger.use(ANY));
        assertTrue(ledger.holds("agent-1"));
    }

    private Claim granted(Ledger.Wish wish, HostOffer... hosts) {
        return assertInstanceOf(Ledger.Answer.Granted.class, ledger.claim(wish, List.of(hosts)))
                .claim();
    }

    private String refused(Ledger.Wish wish, HostOffer... hosts) {
        return assertInstanceOf(Ledger.Answer.Refused.class, ledger.claim(wish, List.of(hosts)))
                .reason();
    }

    private Ledger.Wish wish(String cloud, String template) {
        return new Ledger.Wish(
                "agent-" + ++serial,
                cloud,
                OptionalInt.empty(),
                template,
                template,
                OptionalInt.empty(),
                2,
                MemorySize.parse("2G"));
    }

    private Ledger.Wish capped(String cloud, int cloudCap, String template, int templateCap) {
        return new Ledger.Wish(
                "agent-" + ++serial,
                cloud,
                OptionalInt.of(cloudCap),
                template,
                template,
                OptionalInt.of(templateCap),
                2,
                MemorySize.parse("2G"));
    }

    private static HostOffer host(String uri, int agents, int cpus, String memory) {
        return new HostOffer(
                uri,
                OptionalInt.of(agents),
                OptionalInt.of(cpus),
                Optional.of(MemorySize.parse(memory)),
                Optional.empty());
    }
}
