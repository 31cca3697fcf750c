package io.jenkins.plugins.virtainers.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which booting machines nobody waits for. */
class SurplusTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** An agent with labels, that began to boot so many seconds after the start. */
    private record Agent(String name, int second, String... labels) {}

    private static List<String> unwanted(List<Agent> booting, String... waiting) {
        return Surplus.unwanted(
                        booting,
                        agent -> START.plusSeconds(agent.second()),
                        Arrays.asList(waiting),
                        (label, agent) ->
                                label == null || List.of(agent.labels()).contains(label))
                .stream()
                .map(Agent::name)
                .toList();
    }

    @Test
    void isWhatBootsWhileNobodyWaits() {
        assertEquals(List.of("a"), unwanted(List.of(new Agent("a", 0, "debian"))));
    }

    @Test
    void isNoneWhereEachBuildHasOne() {
        List<Agent> booting = List.of(new Agent("a", 0, "debian"), new Agent("b", 1, "debian"));
        assertEquals(List.of(), unwanted(booting, "debian", "debian"));
    }

    @Test
    void isWhatBeganLast() {
        List<Agent> booting = List.of(
                new Agent("last", 9, "debian"), new Agent("first", 0, "debian"), new Agent("middle", 5, "debian"));
        assertEquals(List.of("middle", "last"), unwanted(booting, "debian"));
    }

    @Test
    void isWhatHasALabelThatNobodyWaitsFor() {
        List<Agent> booting = List.of(new Agent("a", 0, "fedora"), new Agent("b", 1, "debian"));
        assertEquals(List.of("a"), unwanted(booting, "debian", "alpine"));
    }

    @Test
    void isNothingThatABuildWithoutLabelMayHave() {
        assertEquals(List.of(), unwanted(List.of(new Agent("a", 0)), (String) null));
    }

    @Test
    void isNotMadeByABuildThatTakesTheOnlyAgentOfAnother() {
        List<Agent> booting = List.of(new Agent("both", 0, "vm", "docker"), new Agent("plain", 1, "vm"));
        assertEquals(List.of(), unwanted(booting, "vm", "docker"));
    }
}
