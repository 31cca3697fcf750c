package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.engine.AgentProgram;
import io.jenkins.plugins.virtainers.engine.ContainerFile;
import io.jenkins.plugins.virtainers.engine.ImageRef;
import io.jenkins.plugins.virtainers.engine.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.VmSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A memory template before anybody waits for a machine. */
@Command(
        name = "warm",
        description = "Make the memory template that machines of an image are restored from, if it is not there."
                + " It fits machines of the same CPUs, memory, acceleration and network.",
        footer = {"", "Example:", "  virtainer warm --cpus 2 --memory 2G debian:12"})
final class WarmCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Mixin
    private VmOptions machine;

    @Option(
            names = "--agent-jar",
            paramLabel = "FILE",
            description = "The remoting.jar of a Jenkins (its address with /jnlpJars/agent.jar): a template of its own"
                    + " has the agent waiting in it, as machines of that Jenkins' clouds want it.")
    private Optional<Path> agentJar = Optional.empty();

    @Option(
            names = "--agent-java",
            paramLabel = "COMMAND",
            description = "What starts Java in the guest. Default: java.")
    private String agentJava = "java";

    @Option(
            names = "--agent-options",
            paramLabel = "OPTIONS",
            description = "Of the agent's Java VM. Default: those of the plugin.")
    private String agentOptions = AgentProgram.USUAL_OPTIONS;

    @Option(
            names = "--agent-directory",
            paramLabel = "PATH",
            description = "Where the agent works, the remote root directory. Default: that of the plugin.")
    private String agentDirectory = AgentProgram.USUAL_DIRECTORY;

    @Parameters(index = "0", paramLabel = "IMAGE", description = "What will be booted, such as debian:12.")
    private String image;

    WarmCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        VmSpec.Builder asked = machine.toSpec(ImageRef.parse(image));
        agentJar.map(this::agent).ifPresent(asked::agent);
        VmSpec spec = asked.build();
        try (Session session = Session.startingEngine(surroundings, common)) {
            session.engine().warm(spec, session.screen());
            session.screen().done();
            return 0;
        }
    }

    private AgentProgram agent(Path jar) {
        try {
            return AgentProgram.ofJenkins(
                    ContainerFile.Content.of(Files.readAllBytes(jar)), agentJava, agentOptions, agentDirectory);
        } catch (IOException e) {
            throw new InvalidSpecException("Cannot read the agent's program %s.".formatted(jar));
        }
    }
}
