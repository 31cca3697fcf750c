package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.engine.Failure;
import io.jenkins.plugins.virtainers.engine.GuestConnection;
import io.jenkins.plugins.virtainers.engine.GuestFiles;
import io.jenkins.plugins.virtainers.engine.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.Vm;
import io.jenkins.plugins.virtainers.engine.VmName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Files to and from a kept machine. */
@Command(
        name = "cp",
        description = "Copy a file to or from a kept virtual machine. One of the two names is NAME:PATH.",
        footer = {"", "Examples:", "  virtainer cp build.tar.gz web:/tmp/", "  virtainer cp web:/var/log/syslog ."})
final class CpCommand implements Callable<Integer> {
    private static final Pattern IN_GUEST = Pattern.compile("(?<name>[a-z0-9][a-z0-9-]*):(?<path>.+)");

    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Option(
            names = {"-i", "--identity"},
            paramLabel = "FILE",
            description = "Private key to log in with. Default: the one that run made.")
    private Optional<Path> identity = Optional.empty();

    @Parameters(index = "0", paramLabel = "FROM", description = "What to copy.")
    private String from;

    @Parameters(index = "1", paramLabel = "TO", description = "Where to.")
    private String to;

    CpCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** What is done once logged in. */
    @FunctionalInterface
    private interface Copy {
        void with(GuestFiles files) throws InterruptedException;
    }

    @Override
    public Integer call() throws InterruptedException {
        Matcher source = IN_GUEST.matcher(from);
        Matcher target = IN_GUEST.matcher(to);
        if (source.matches() == target.matches()) {
            throw new InvalidSpecException(
                    "Exactly one of \"%s\" and \"%s\" must be NAME:PATH, a file in a virtual machine."
                            .formatted(from, to));
        }
        if (target.matches()) {
            Path file = Path.of(from);
            requireFile(file);
            copy(target.group("name"), files -> upload(files, file, target.group("path")));
        } else {
            copy(source.group("name"), files -> download(files, source.group("path"), Path.of(to)));
        }
        return 0;
    }

    private void copy(String name, Copy copy) throws InterruptedException {
        VmName vmName = new VmName(name);
        try (Session session = Session.open(surroundings, common)) {
            Vm vm = session.running(vmName);
            try (GuestConnection guest = Logins.to(session, vm, SshCommand.key(session.state(), vmName, identity))) {
                copy.with(new GuestFiles(guest));
            }
        }
    }

    private static void requireFile(Path file) {
        if (!Files.exists(file)) {
            throw Failure.COPY_FAILED.because("Cannot copy %s: no such file.".formatted(file));
        }
        if (!Files.isRegularFile(file)) {
            throw Failure.COPY_FAILED.because(
                    "Cannot copy %s: not a regular file. For a directory: tar -C %s -c . | virtainer ssh NAME -- tar -C DIR -x"
                            .formatted(file, file));
        }
    }

    private static void upload(GuestFiles files, Path file, String path) throws InterruptedException {
        try (InputStream content = Files.newInputStream(file)) {
            files.upload(
                    content,
                    Files.size(file),
                    Files.isExecutable(file),
                    path,
                    file.getFileName().toString());
        } catch (IOException e) {
            throw Failure.COPY_FAILED.because("Cannot read %s: %s.".formatted(file, e.getMessage()), e);
        }
    }

    private static void download(GuestFiles files, String path, Path to) throws InterruptedException {
        Path file =
                Files.isDirectory(to) ? to.resolve(Path.of(path).getFileName().toString()) : to;
        WholeFile.write(file, content -> files.download(path, content));
    }
}
