package io.jenkins.plugins.virtainers.engine.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.agent.AgentProgram;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code runtime/env.sh} is the only list of variables; README and Java keep to it. */
class RuntimeVariablesTest {
    private static final Pattern DECLARATION = Pattern.compile("^ +([A-Z_]+)=\\$\\{\\1:-([^}]*)\\} +# (.*)$");

    private static List<String> rows() throws IOException {
        List<String> rows = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("runtime/env.sh"))) {
            Matcher matcher = DECLARATION.matcher(line);
            if (matcher.matches()) {
                String preset = matcher.group(2).isEmpty() ? "" : "`" + matcher.group(2) + "` ";
                rows.add("| `%s` | %s| %s |".formatted(matcher.group(1), preset, matcher.group(3)));
            }
        }
        return rows;
    }

    private static Set<String> names() throws IOException {
        Set<String> names = new HashSet<>();
        rows().forEach(row -> names.add(row.split("`", 3)[1]));
        return names;
    }

    @Test
    void readmeHasARowForEachVariableAndNoOthers() throws IOException {
        assertFalse(rows().isEmpty());
        assertEquals(
                rows(),
                Files.readAllLines(Path.of("README.md")).stream()
                        .filter(line -> line.matches("\\| `[A-Z_]+` \\|.*"))
                        .toList());
    }

    @Test
    void javaSetsOnlyVariablesThatTheRuntimeKnows() throws IOException {
        VmSpec everything = VmSpec.of(ImageRef.parse("debian:12"))
                .disk(DiskSize.parse("20G"))
                .ephemeral(Duration.ofSeconds(90))
                .agent(AgentProgram.of("exec java", Map.of()))
                .build();
        Map<String, String> set = RuntimeVariables.of(everything);
        assertTrue(names().containsAll(set.keySet()), set.keySet().toString());
    }

    @Test
    void aVariableThatHasAFieldIsNotTakenFromTheEnvironment() {
        for (String name : RuntimeVariables.of(VmSpec.of(ImageRef.parse("debian:12"))
                        .disk(DiskSize.parse("20G"))
                        .ephemeral(Duration.ofSeconds(90))
                        .agent(AgentProgram.of("exec java", Map.of()))
                        .build())
                .keySet()) {
            assertThrows(
                    InvalidSpecException.class,
                    () -> VmSpec.of(ImageRef.parse("debian:12")).env(name, "1").build(),
                    name);
        }
    }
}
