package io.jenkins.plugins.virtainers.cli.image;

import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.image.Disks;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A changed machine as an image. */
@Command(
        name = "commit",
        description = "Make an image of a machine that is off: the one it was made of, and one layer with all that the"
                + " guest wrote.",
        footer = {"", "Example:", "  virtainer stop web; virtainer commit web team/web:1"})
public final class CommitCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Parameters(index = "0", paramLabel = "NAME", description = "The machine.")
    private String name;

    @Parameters(index = "1", paramLabel = "IMAGE", description = "What the new image shall be called.")
    private String image;

    public CommitCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        VmName machine = new VmName(name);
        ImageRef as = ImageRef.parse(image);
        try (Session session = Session.open(surroundings, common)) {
            Container container = session.container(machine);
            ImageRef own = ImageRef.parse(container.label(Labels.IMAGE).orElse(container.image()));
            ContainerImage found = session.image(own, ", which machine %s was made of".formatted(machine));
            session.screen().step("Making " + as + " of " + machine);
            new Disks(session.host()).publish(container, found, as);
            session.screen().done();
            surroundings.output().println(as);
            return 0;
        }
    }
}
