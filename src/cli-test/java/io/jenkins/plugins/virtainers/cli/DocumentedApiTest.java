package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/api.md shows. */
class DocumentedApiTest {
    @Test
    void theExampleCompiles(@TempDir Path directory) throws Exception {
        Matcher example = Pattern.compile("(?s)```java\n(.*?)```").matcher(Files.readString(Path.of("docs/api.md")));
        assertTrue(example.find());
        String source = """
                import io.jenkins.plugins.virtainers.docker.*;
                import io.jenkins.plugins.virtainers.engine.*;
                import io.jenkins.plugins.virtainers.engine.guest.*;
                import io.jenkins.plugins.virtainers.engine.host.*;
                import io.jenkins.plugins.virtainers.engine.image.*;
                import io.jenkins.plugins.virtainers.engine.io.*;
                import io.jenkins.plugins.virtainers.engine.spec.*;
                import io.jenkins.plugins.virtainers.ssh.*;
                import java.nio.file.Path;
                import java.time.*;

                class Example {
                    void run() throws Exception {
                        %s
                    }
                }
                """.formatted(example.group(1));
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreErrors) {
                        return source;
                    }
                };
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> errors = new DiagnosticCollector<>();
        compiler.getTask(
                        null,
                        null,
                        errors,
                        List.of("-proc:none", "-d", directory.toString(), "-cp", System.getProperty("java.class.path")),
                        null,
                        List.of(file))
                .call();
        assertEquals(List.of(), errors.getDiagnostics());
    }
}
