package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.cli.terminal.WholeFile;
import io.jenkins.plugins.virtainers.engine.guest.GuestScreen;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A picture of what a machine shows. */
@Command(
        name = "screenshot",
        description = "Write what the screen of a machine shows into a PNG file. The machine was run with --vnc.",
        footer = {"", "Example:", "  virtainer screenshot web web.png"})
public final class ScreenshotCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Parameters(index = "0", paramLabel = "NAME", description = "The machine.")
    private String name;

    @Parameters(index = "1", paramLabel = "FILE", description = "The file to write.")
    private Path file;

    public ScreenshotCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        VmName machine = new VmName(name);
        try (Session session = Session.open(surroundings, common)) {
            Vm vm = session.running(machine);
            WholeFile.write(
                    file,
                    picture -> new GuestScreen(session.host())
                            .picture(vm, (content, size) -> content.transferTo(picture)));
            session.screen().done();
            return 0;
        }
    }
}
