package io.jenkins.plugins.virtainers;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PipelinePolicyTest {
    @Test
    void readsPatterns() {
        assertTrue(PipelinePolicy.matchesAny(List.of("debian:*"), "debian:12"));
        assertFalse(PipelinePolicy.matchesAny(List.of("debian:*"), "xdebian:12"));
        assertTrue(PipelinePolicy.matchesAny(List.of("a", "team/*/x"), "team/b/c/x"));
        assertFalse(PipelinePolicy.matchesAny(List.of("team.*"), "teams"));
    }
}
