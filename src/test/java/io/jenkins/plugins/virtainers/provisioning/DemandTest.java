package io.jenkins.plugins.virtainers.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DemandTest {
    @Test
    void countsExecutorsNotAgents() {
        assertEquals(3, Demand.missing(5, 2, 0));
    }

    @Test
    void asksForNothingWhileEnoughIsOnItsWay() {
        assertEquals(0, Demand.missing(2, 2, 0));
        assertEquals(0, Demand.missing(2, 1, 1));
    }

    @Test
    void isNegativeWhereThereIsMoreThanEnough() {
        assertEquals(-2, Demand.missing(0, 2, 0));
    }
}
