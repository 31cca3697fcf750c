package io.jenkins.plugins.virtainers.cli.image;

import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.cli.terminal.WholeFile;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.image.Disks;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a guest wrote, as a file. */
@Command(
        name = "diff",
        description = "Take what a guest wrote out of its machine, and give it to another of the same image.",
        subcommands = {DiffCommand.Export.class, DiffCommand.Import.class},
        footer = {
            "",
            "Example:",
            "  virtainer stop web; virtainer diff export web web.qcow2",
            "  virtainer diff import web.qcow2 web-disk debian:12; virtainer run --data web-disk debian:12"
        })
public final class DiffCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "diff takes export or import.");
    }

    /** Out of a machine. */
    @Command(name = "export", description = "Write what the guest of a machine that is off wrote into a file.")
    static final class Export implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        private CommonOptions common;

        @Parameters(index = "0", paramLabel = "NAME", description = "The machine.")
        private String name;

        @Parameters(index = "1", paramLabel = "FILE", description = "The file to write.")
        private Path file;

        Export(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() throws InterruptedException {
            VmName machine = new VmName(name);
            try (Session session = Session.open(surroundings, common)) {
                Container container = session.container(machine);
                session.screen().step("Exporting the disk of " + machine);
                WholeFile.write(
                        file,
                        output -> new Disks(session.host())
                                .export(container, (content, size) -> content.transferTo(output)));
                session.screen().done();
                return 0;
            }
        }
    }

    /** Into a volume. */
    @Command(name = "import", description = "Put such a file into a volume, for run --data.")
    static final class Import implements Callable<Integer> {
        private final Surroundings surroundings;

        @Mixin
        private CommonOptions common;

        @Parameters(index = "0", paramLabel = "FILE", description = "The file that export wrote.")
        private Path file;

        @Parameters(index = "1", paramLabel = "VOLUME", description = "The volume, made if it is not there.")
        private String volume;

        @Parameters(index = "2", paramLabel = "IMAGE", description = "The image that the guest was of.")
        private String image;

        Import(Surroundings surroundings) {
            this.surroundings = surroundings;
        }

        @Override
        public Integer call() throws InterruptedException {
            ImageRef of = ImageRef.parse(image);
            try (Session session = Session.open(surroundings, common);
                    InputStream content = Files.newInputStream(file)) {
                ContainerImage found = session.image(of, "");
                session.screen().step("Importing " + file + " into " + volume);
                new Disks(session.host()).importInto(volume, found, content, Files.size(file));
                session.screen().done();
                return 0;
            } catch (IOException e) {
                throw Failure.COPY_FAILED.because("Cannot read %s: %s.".formatted(file, e.getMessage()), e);
            }
        }
    }
}
