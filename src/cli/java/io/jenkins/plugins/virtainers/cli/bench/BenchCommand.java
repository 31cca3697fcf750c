package io.jenkins.plugins.virtainers.cli.bench;

import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.machine.ExecCommand;
import io.jenkins.plugins.virtainers.cli.options.VmOptions;
import io.jenkins.plugins.virtainers.cli.terminal.Json;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.cli.terminal.Table;
import io.jenkins.plugins.virtainers.engine.LeaseKeeper;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.guest.VmState;
import io.jenkins.plugins.virtainers.engine.spec.BootMode;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How long it takes, and where the time goes. */
@Command(
        name = "bench",
        description = "Measure the time from the request to the SSH login, by step: of guests that boot with cloud-init"
                + " (cold), without (direct), and that are restored from a memory template; beside QEMU alone with"
                + " the same files (floor). All in turn, so that all meet the same host.",
        footer = {"", "Example:", "  virtainer bench --cpus 2 --runs 10 --rungs direct,restore debian:12"})
public final class BenchCommand implements Callable<Integer> {
    private static final long MEGABYTE = 1L << 20;

    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Mixin
    private VmOptions machine;

    @Option(names = "--runs", paramLabel = "N", description = "How many boots of each kind to measure. Default: 5.")
    private int runs = 5;

    @Option(
            names = "--rungs",
            paramLabel = "RUNG",
            split = ",",
            description = "What to measure, of cold, direct and restore. Default: all.")
    private List<String> rungs = List.of("cold", "direct", "restore");

    @Option(
            names = "--guests",
            paramLabel = "N",
            description = "Then keep N restored guests at once, and show the memory of each. Default: none.")
    private int guests;

    @Option(names = "--no-bare", description = "Leave out QEMU alone.")
    private boolean withoutBare;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--picture", paramLabel = "FILE", description = "Draw the medians by step, as SVG, too.")
    private Optional<Path> picture = Optional.empty();

    @Parameters(index = "0", paramLabel = "IMAGE", description = "What to boot, such as debian:12.")
    private String image;

    public BenchCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** What was measured of one rung. */
    private static final class Rung {
        final Samples banner = new Samples();
        final Samples login = new Samples();
        final Map<String, Samples> steps = new LinkedHashMap<>();
        Optional<GuestMemory> memory = Optional.empty();

        void add(BareQemu.Times times) {
            banner.add(times.banner());
            login.add(times.login());
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        if (runs < 1 || guests < 0) {
            throw new InvalidSpecException("--runs must be at least 1, and --guests not less than 0.");
        }
        picture.ifPresent(BenchCommand::requireWritable);
        List<BootMode> modes = rungs.stream().map(BenchCommand::rung).toList();
        ImageRef ref = ImageRef.parse(image);
        machine.toSpec(ref).build();
        Map<BootMode, Rung> measured = new LinkedHashMap<>();
        Map<BootMode, Rung> floor = new LinkedHashMap<>();
        List<GuestMemory> atOnce = new ArrayList<>();
        try (Session session = Session.startingEngine(surroundings, common)) {
            session.sweep();
            Optional<BareQemu> bare = prepare(session, ref, modes);
            try {
                for (int run = 1; run <= runs; run++) {
                    for (BootMode mode : modes) {
                        session.screen().say("%s, %d of %d".formatted(mode.word(), run, runs));
                        boot(session, ref, mode, measured.computeIfAbsent(mode, any -> new Rung()));
                        if (bare.isPresent() && mode != BootMode.COLD) {
                            floor.computeIfAbsent(mode, any -> new Rung())
                                    .add(bare.get().measure(mode));
                        }
                    }
                }
            } finally {
                bare.ifPresent(BareQemu::close);
            }
            atOnce.addAll(keepAtOnce(session, ref, guests));
        }
        picture.ifPresent(file -> draw(measured, floor).write(file));
        if (json) {
            Json.print(surroundings.output(), values(measured, floor, atOnce));
        } else {
            print(measured, floor, atOnce);
        }
        return 0;
    }

    /** Said before, not after, minutes of measuring. */
    private static void requireWritable(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isWritable(folder) || Files.isDirectory(file)) {
            throw new InvalidSpecException("The picture cannot be written to %s.".formatted(file));
        }
    }

    private static BootMode rung(String written) {
        BootMode mode = BootMode.parse(written);
        if (mode == BootMode.AUTO) {
            throw new InvalidSpecException("Rung \"auto\" is none of cold, direct, restore.");
        }
        return mode;
    }

    /**
     * Has the template made before anything is measured; a first restore tells which one it is. QEMU alone takes its
     * devices from there, for a boot as well.
     */
    private Optional<BareQemu> prepare(Session session, ImageRef ref, List<BootMode> modes)
            throws InterruptedException {
        boolean floor = !withoutBare && modes.stream().anyMatch(mode -> mode != BootMode.COLD);
        if (!floor && !modes.contains(BootMode.RESTORE)) {
            return Optional.empty();
        }
        session.engine().warm(machine.toSpec(ref).build(), session.screen());
        BootTimes first = boot(session, ref, BootMode.RESTORE, new Rung());
        return floor && first.template().isPresent()
                ? BareQemu.of(surroundings, session, ref, first.template().get())
                : Optional.empty();
    }

    private BootTimes boot(Session session, ImageRef ref, BootMode mode, Rung rung) throws InterruptedException {
        BootTimes times = new BootTimes(session.screen());
        SshKeyPair key = session.keys().ed25519("virtainer-bench");
        VmSpec spec = spec(ref, mode, key);
        VmState.Booting booting = session.engine().create(spec, session.ownership(), times);
        try (LeaseKeeper lease = session.engine().keepAlive(booting.vm())) {
            VmState.Ready ready = session.engine().awaitReady(booting, spec.bootTimeout(), times);
            try (GuestConnection guest = session.engine().connect(ready, key, ExecCommand.LOGIN)) {
                times.loggedIn();
                rung.banner.add(times.banner());
                rung.login.add(times.total());
                times.steps()
                        .forEach((step, took) -> rung.steps
                                .computeIfAbsent(step, any -> new Samples())
                                .add(took));
                rung.memory =
                        Optional.of(GuestMemory.of(session.host(), ready.vm().container()));
                return times;
            }
        } finally {
            session.engine().discard(booting.vm().container());
        }
    }

    private VmSpec spec(ImageRef ref, BootMode mode, SshKeyPair key) {
        return machine.toSpec(ref)
                .name(VmName.random())
                .boot(mode)
                .authorizedKey(key.publicLine())
                .ephemeral(ExecCommand.LEASE)
                .build();
    }

    private List<GuestMemory> keepAtOnce(Session session, ImageRef ref, int number) throws InterruptedException {
        List<VmState.Booting> running = new ArrayList<>();
        List<LeaseKeeper> leases = new ArrayList<>();
        List<GuestMemory> memory = new ArrayList<>();
        try {
            for (int guest = 0; guest < number; guest++) {
                SshKeyPair key = session.keys().ed25519("virtainer-bench");
                VmSpec spec = spec(ref, BootMode.RESTORE, key);
                VmState.Booting booting = session.engine().create(spec, session.ownership(), session.screen());
                running.add(booting);
                leases.add(session.engine().keepAlive(booting.vm()));
                VmState.Ready ready = session.engine().awaitReady(booting, spec.bootTimeout(), session.screen());
                session.engine().connect(ready, key, ExecCommand.LOGIN).close();
            }
            for (VmState.Booting guest : running) {
                memory.add(GuestMemory.of(session.host(), guest.vm().container()));
            }
            return memory;
        } finally {
            leases.forEach(LeaseKeeper::close);
            running.forEach(guest -> session.engine().discard(guest.vm().container()));
        }
    }

    private static BenchPicture draw(Map<BootMode, Rung> measured, Map<BootMode, Rung> floor) {
        BenchPicture picture = new BenchPicture();
        measured.forEach((mode, rung) -> {
            Map<String, Duration> steps = new LinkedHashMap<>();
            rung.steps.forEach((step, samples) -> steps.put(step, samples.median()));
            picture.add(mode.word(), steps);
            if (floor.containsKey(mode)) {
                picture.add(
                        "  QEMU alone",
                        Map.of("QEMU alone", floor.get(mode).login.median()));
            }
        });
        return picture;
    }

    private Map<String, Object> values(
            Map<BootMode, Rung> measured, Map<BootMode, Rung> floor, List<GuestMemory> atOnce) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("image", image);
        values.put("runs", runs);
        values.put("rungs", byRung(measured));
        if (!floor.isEmpty()) {
            values.put("floor", byRung(floor));
        }
        if (!atOnce.isEmpty()) {
            values.put("guests", atOnce.stream().map(BenchCommand::values).toList());
        }
        return values;
    }

    private static Map<String, Object> byRung(Map<BootMode, Rung> rungs) {
        Map<String, Object> values = new LinkedHashMap<>();
        rungs.forEach((mode, rung) -> values.put(mode.word(), values(rung)));
        return values;
    }

    private static Map<String, Object> values(Rung rung) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("banner", rung.banner.values());
        values.put("login", rung.login.values());
        if (!rung.steps.isEmpty()) {
            Map<String, Object> steps = new LinkedHashMap<>();
            rung.steps.forEach((step, samples) -> steps.put(step, samples.values()));
            values.put("steps", steps);
        }
        rung.memory.ifPresent(memory -> values.put("memory", values(memory)));
        return values;
    }

    private static Map<String, Object> values(GuestMemory memory) {
        return Map.of("private", memory.privateBytes(), "shared", memory.sharedBytes());
    }

    private void print(Map<BootMode, Rung> measured, Map<BootMode, Rung> floor, List<GuestMemory> atOnce) {
        Table table = new Table("RUNG", "STEP", "MEDIAN", "MIN", "MAX");
        measured.forEach((mode, rung) -> {
            rung.steps.forEach((step, samples) -> row(table, mode.word(), step, samples));
            row(table, mode.word(), "= entrypoint to banner", rung.banner);
            row(table, mode.word(), "= request to login", rung.login);
        });
        floor.forEach((mode, rung) -> {
            row(table, "floor", "= QEMU alone, %s, to banner".formatted(mode.word()), rung.banner);
            row(table, "floor", "= QEMU alone, %s, to login".formatted(mode.word()), rung.login);
        });
        table.print(surroundings.output());
        surroundings.output().println();
        Table memory = new Table("MEMORY", "PRIVATE", "SHARED");
        measured.forEach((mode, rung) -> rung.memory.ifPresent(of -> row(memory, mode.word(), of)));
        for (int guest = 0; guest < atOnce.size(); guest++) {
            row(memory, "guest %d of %d".formatted(guest + 1, atOnce.size()), atOnce.get(guest));
        }
        memory.print(surroundings.output());
    }

    private static void row(Table table, String rung, String step, Samples samples) {
        table.row(
                rung,
                step,
                Samples.written(samples.median()),
                Samples.written(samples.least()),
                Samples.written(samples.most()));
    }

    private static void row(Table table, String what, GuestMemory memory) {
        table.row(what, memory.privateBytes() / MEGABYTE + " MB", memory.sharedBytes() / MEGABYTE + " MB");
    }
}
