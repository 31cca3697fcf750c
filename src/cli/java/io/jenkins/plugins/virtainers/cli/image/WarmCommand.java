package io.jenkins.plugins.virtainers.cli.image;

import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.options.BootedImage;
import io.jenkins.plugins.virtainers.cli.options.VmOptions;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A memory template before anybody waits for a machine. */
@Command(
        name = "warm",
        description = "Make the memory template that machines of an image are restored from, if it is not there."
                + " It fits machines of the same CPUs, memory, acceleration and network.",
        footer = {
            "",
            "Examples:",
            "  virtainer warm --cpus 2 --memory 2G debian:12",
            "  virtainer warm --cpus 2 --memory 2G --agent-jar remoting.jar debian:12"
        })
public final class WarmCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Mixin
    private VmOptions machine;

    @Mixin
    private BootedImage booted;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "IMAGE",
            description = "What will be booted, such as debian:12.")
    private Optional<String> image = Optional.empty();

    public WarmCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        // Whoever has a template made of it says so.
        VmSpec spec = booted.toSpec(machine, image).shareUserData().build();
        try (Session session = Session.startingEngine(surroundings, common)) {
            session.engine().warm(spec, session.screen());
            session.screen().done();
            return 0;
        }
    }
}
