package io.jenkins.plugins.virtainers.engine;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.jenkins.plugins.virtainers.engine.failure.Sentences;
import org.junit.jupiter.params.provider.ValueSource;

/** What the runtime's probe says is an answer, or is quoted in a sentence. */
class ProbeFuzzTest {
    @ValueSource(
            strings = {
                "{\"kvm\":true,\"why\":\"it works\",\"group\":104,\"qemu\":\"10.0.13\"}\n",
                "{\"kvm\":false,\"why\":\"\\u001b[2J\\n\",\"group\":-1}",
                "",
                "[]",
                "null"
            })
    @FuzzTest
    void answer(@NotNull String line) {
        Sentences.read(() -> Probe.Answer.parse(line))
                .ifPresent(answer -> Sentences.requireHarmless(answer.toString()));
    }
}
