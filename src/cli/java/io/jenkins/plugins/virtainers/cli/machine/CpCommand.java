package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.cli.copy.Complaints;
import io.jenkins.plugins.virtainers.cli.copy.CopyOptions;
import io.jenkins.plugins.virtainers.cli.copy.Copying;
import io.jenkins.plugins.virtainers.cli.copy.Meter;
import io.jenkins.plugins.virtainers.cli.copy.Place;
import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.terminal.Screen;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.io.GuestExit;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Files and folders to and from kept machines. */
@Command(
        name = "cp",
        description = "Copy files and folders to, from and between kept virtual machines, as scp does."
                + " What is in a machine is NAME:PATH; a path that does not begin with / is below the home directory"
                + " of its user, as ~ is, and nothing after the colon is that directory itself.",
        footer = {
            "",
            "A file has its name when it is whole, and not before. Links are followed. Names are taken as they are:"
                    + " * and ? mean nothing in a machine.",
            "",
            "Examples:",
            "  virtainer cp build.tar.gz notes.txt web:",
            "  virtainer cp -r site web:/srv",
            "  virtainer cp web:/var/log/syslog ."
        })
public final class CpCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Option(
            names = {"-i", "--identity"},
            paramLabel = "FILE",
            description = "Private key to log in with. Default: the one that run made.")
    private Optional<Path> identity = Optional.empty();

    @Option(
            names = {"-r", "--recursive"},
            description = "Copy folders, with all that is in them.")
    private boolean recursive;

    @Option(
            names = {"-p", "--preserve"},
            description = "Keep permissions and times. Without it, permissions are those of the file less the umask"
                    + " where it goes.")
    private boolean preserve;

    @Parameters(
            arity = "2..*",
            paramLabel = "FROM... TO",
            hideParamSyntax = true,
            description = "What to copy, and last where to: a folder, which copies go into, or another name.")
    private List<String> names;

    public CpCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<Place> sources =
                names.subList(0, names.size() - 1).stream().map(Place::parse).toList();
        Place destination = Place.parse(names.get(names.size() - 1));
        requireMachine(sources, destination);
        List<VmName> machines = Stream.concat(sources.stream(), Stream.of(destination))
                .flatMap(place -> place.machine().stream())
                .distinct()
                .toList();
        try (Session session = Session.open(surroundings, common)) {
            Complaints complaints = new Complaints(session.screen()::warn);
            loggedIn(session, machines, Map.of(), guests -> {
                new Copying(new CopyOptions(recursive, preserve), guests, complaints, meter(session.screen()))
                        .copy(sources, destination);
                return GuestExit.ofStatus(0);
            });
            return complaints.none() ? 0 : Failure.COPY_FAILED.exitStatus();
        }
    }

    private static void requireMachine(List<Place> sources, Place destination) {
        for (Place source : sources) {
            if (source.machine().isEmpty() && destination.machine().isEmpty()) {
                throw new InvalidSpecException(
                        "Neither \"%s\" nor \"%s\" is in a virtual machine: what is in one is NAME:PATH."
                                .formatted(source, destination));
            }
        }
    }

    private static Meter meter(Screen screen) {
        return new Meter(screen::show, screen::leave, System::nanoTime);
    }

    /** What is done once logged in everywhere. */
    @FunctionalInterface
    private interface Work {
        GuestExit with(Map<VmName, GuestConnection> guests) throws InterruptedException;
    }

    /** Logs in to the machines, one within the other, and does it. */
    private GuestExit loggedIn(Session session, List<VmName> machines, Map<VmName, GuestConnection> guests, Work work)
            throws InterruptedException {
        if (machines.isEmpty()) {
            return work.with(guests);
        }
        VmName name = machines.get(0);
        Vm vm = session.running(name);
        try (GuestConnection guest = Logins.to(session, vm, SshCommand.key(session.state(), name, identity));
                GuestWatch watch = new GuestWatch(session, vm, guest)) {
            Map<VmName, GuestConnection> more = new HashMap<>(guests);
            more.put(name, guest);
            return watch.explain(() -> loggedIn(session, machines.subList(1, machines.size()), more, work));
        }
    }
}
