package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.engine.ImageRef;
import io.jenkins.plugins.virtainers.engine.VmSpec;
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
final class WarmCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Mixin
    private VmOptions machine;

    @Parameters(index = "0", paramLabel = "IMAGE", description = "What will be booted, such as debian:12.")
    private String image;

    WarmCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        VmSpec spec = machine.toSpec(ImageRef.parse(image)).build();
        try (Session session = Session.startingEngine(surroundings, common)) {
            session.engine().warm(spec, session.screen());
            session.screen().done();
            return 0;
        }
    }
}
