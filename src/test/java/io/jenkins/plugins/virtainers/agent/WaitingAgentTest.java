package io.jenkins.plugins.virtainers.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Slave;
import io.jenkins.plugins.virtainers.engine.agent.AgentJava;
import io.jenkins.plugins.virtainers.engine.agent.AgentProgram;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The agent that waits in a memory template, without a guest around it: what this Jenkins gives it, it knows what to do with. */
@WithJenkins
class WaitingAgentTest {
    /** What every agent says first, when it waits for its controller. */
    private static final String FIRST_WORD = "===[JENKINS REMOTING CAPACITY]===>";

    @TempDir
    private Path folder;

    @TempDir
    private Path work;

    @Test
    void hasRehearsedEverythingWhenItWaits(JenkinsRule jenkins) throws Exception {
        AgentProgram program = AgentProgram.ofJenkins(
                ContainerFile.Content.of(new Slave.JnlpJar("agent.jar").readFully()),
                AgentClasses.get(),
                AgentJava.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                AgentProgram.USUAL_OPTIONS,
                work.toString());
        for (Map.Entry<String, ContainerFile.Content> file : program.files().entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue().bytes());
        }
        Path start = folder.resolve("start");
        Files.writeString(start, Files.readString(start).replace(AgentProgram.FOLDER, folder.toString()));
        Path errors = folder.resolve("errors");
        Process agent = new ProcessBuilder("sh", start.toString())
                .redirectError(errors.toFile())
                .start();
        try {
            assertTrue(saysBeforeItEnds(agent.getInputStream(), FIRST_WORD), () -> read(errors));
            String said = read(errors);
            assertFalse(said.contains("Not rehearsed") || said.contains("not warm"), said);
        } finally {
            agent.getOutputStream().close();
            if (!agent.waitFor(1, TimeUnit.MINUTES)) {
                agent.destroyForcibly();
            }
        }
        assertTrue(AgentClasses.get().classPath().size() > 50, "Jenkins' own libraries");
        // That of the calls beside those of the plugins, which the agent has removed where they came from.
        assertEquals(
                AgentClasses.get().kept().size() + 1,
                files(work.resolve("remoting/jarCache")).size());
        assertEquals(
                List.of(),
                files(folder).stream().filter(file -> file.contains("/kept-")).toList());
        assertEquals(
                List.of(),
                files(work).stream()
                        .filter(file -> !file.contains("/remoting/"))
                        .toList());
    }

    private static boolean saysBeforeItEnds(InputStream output, String word) throws IOException {
        StringBuilder said = new StringBuilder();
        for (int next = output.read(); next >= 0; next = output.read()) {
            said.append((char) next);
            if (said.indexOf(word) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static List<String> files(Path under) throws IOException {
        try (Stream<Path> all = Files.walk(under)) {
            return all.filter(Files::isRegularFile).map(Path::toString).toList();
        }
    }
}
