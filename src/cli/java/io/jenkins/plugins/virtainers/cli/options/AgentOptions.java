package io.jenkins.plugins.virtainers.cli.options;

import io.jenkins.plugins.virtainers.engine.agent.AgentJava;
import io.jenkins.plugins.virtainers.engine.agent.AgentProgram;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The agent of a Jenkins that waits in memory templates. What the plugin takes by default is the default here. */
final class AgentOptions {
    @Option(
            names = "--agent-jar",
            paramLabel = "FILE",
            description = "Prefer a memory template in which this program of a Jenkins agent waits, remoting.jar (the"
                    + " controller has it at /jnlpJars/agent.jar).")
    private Optional<Path> jar = Optional.empty();

    @Option(
            names = "--agent-java",
            paramLabel = "COMMAND",
            description =
                    "What starts Java in the guest. Default: its own if it is new enough, or the one that the runtime"
                            + " brings along.")
    private Optional<String> java = Optional.empty();

    @Option(
            names = "--agent-options",
            paramLabel = "OPTIONS",
            description = "Options of the agent's Java VM. Default: the plugin's.")
    private String options = AgentProgram.USUAL_OPTIONS;

    @Option(
            names = "--agent-directory",
            paramLabel = "PATH",
            description = "The agent's remote root directory. Default: the plugin's, ${DEFAULT-VALUE}.")
    private String directory = AgentProgram.USUAL_DIRECTORY;

    Optional<AgentProgram> program() {
        return jar.map(file -> AgentProgram.ofJenkins(
                ContainerFile.Content.of(read(file)),
                AgentProgram.ControllerClasses.NONE,
                new AgentJava(java, AgentJava.USUAL),
                options,
                directory));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InvalidSpecException(
                    "The agent's program %s cannot be read. Give a file that is there.".formatted(file));
        }
    }
}
