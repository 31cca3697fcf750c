package io.jenkins.plugins.virtainers.engine.template;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import io.jenkins.plugins.virtainers.engine.failure.Sentences;
import org.junit.jupiter.params.provider.ValueSource;

/** A line of the runtime's list is a template, or is none. */
class TemplateLineFuzzTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    @ValueSource(
            strings = {
                KEY + "\tDebian\t1\t1024\tkvm\t10.0.13\t1700000000\t1700000001\t1000\t",
                KEY + "\tDebian\t1\t9223372036854775807\tkvm\t10.0.13\t1\t1\t1000\tdamaged",
                KEY + "\tDebian\t1\t1024\tkvm\t10.0.13\t9223372036854775807\t1\t1000\t"
            })
    @FuzzTest
    void line(@NotNull String line) {
        MemoryTemplate.parse(line).ifPresent(template -> {
            assertTrue(template.memory().megabytes() > 0);
            Sentences.requireHarmless((template.key()
                            + template.operatingSystem()
                            + template.acceleration()
                            + template.qemu()
                            + template.setAside().orElse(""))
                    .replace('\u2028', ' ')
                    .replace('\u2029', ' '));
        });
    }
}
