package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.engine.GuestConnection;
import io.jenkins.plugins.virtainers.engine.ImageRef;
import io.jenkins.plugins.virtainers.engine.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.LeaseKeeper;
import io.jenkins.plugins.virtainers.engine.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.VmSpec;
import io.jenkins.plugins.virtainers.engine.VmState;
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
        description =
                "Measure the time from the request to the SSH login, by step, beside a bare QEMU boot of the same disk.",
        footer = {"", "Example:", "  virtainer bench --runs 5 debian:12"})
final class BenchCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Mixin
    private VmOptions machine;

    @Option(names = "--runs", paramLabel = "N", description = "How many boots to measure. Default: 5.")
    private int runs = 5;

    @Option(names = "--no-bare", description = "Leave out the bare QEMU boots.")
    private boolean withoutBare;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Parameters(index = "0", paramLabel = "IMAGE", description = "What to boot, such as debian:12.")
    private String image;

    BenchCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (runs < 1) {
            throw new InvalidSpecException("--runs must be at least 1, was " + runs + ".");
        }
        ImageRef ref = ImageRef.parse(image);
        Map<String, Samples> steps = new LinkedHashMap<>();
        Samples bare = new Samples();
        try (Session session = Session.startingEngine(surroundings, common)) {
            session.sweep();
            BareBoot bareBoot = new BareBoot(surroundings, session.screen());
            machine.toSpec(ref).build();
            for (int run = 1; run <= runs; run++) {
                session.screen().say("Boot %d of %d".formatted(run, runs));
                boot(session, ref)
                        .forEach((step, took) -> steps.computeIfAbsent(step, any -> new Samples())
                                .add(took));
                // Alternating, so that both meet the same host.
                if (!withoutBare) {
                    Optional<Duration> took = bareBoot.measure(ref);
                    took.ifPresent(bare::add);
                }
            }
        }
        print(steps, bare);
        return 0;
    }

    private Map<String, Duration> boot(Session session, ImageRef ref) throws InterruptedException {
        BootTimes times = new BootTimes(session.screen());
        SshKeyPair key = session.keys().ed25519("virtainer-bench");
        VmSpec spec = machine.toSpec(ref)
                .authorizedKey(key.publicLine())
                .ephemeral(ExecCommand.LEASE)
                .build();
        VmState.Booting booting = session.engine().create(spec, session.ownership(), times);
        try (LeaseKeeper lease = session.engine().keepAlive(booting.vm())) {
            VmState.Ready ready = session.engine().awaitReady(booting, spec.bootTimeout(), times);
            try (GuestConnection guest = session.engine().connect(ready, key, ExecCommand.LOGIN)) {
                return times.steps();
            }
        } finally {
            session.engine().discard(booting.vm().container());
        }
    }

    private void print(Map<String, Samples> steps, Samples bare) {
        if (json) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("image", image);
            values.put("runs", runs);
            Map<String, Object> byStep = new LinkedHashMap<>();
            steps.forEach((step, samples) -> byStep.put(step, samples.values()));
            values.put("steps", byStep);
            if (!bare.isEmpty()) {
                values.put("bare", bare.values());
            }
            Json.print(surroundings.output(), values);
            return;
        }
        Table table = new Table("STEP", "MEDIAN", "MIN", "MAX");
        steps.forEach((step, samples) -> table.row(step, samples.median(), samples.least(), samples.most()));
        if (!bare.isEmpty()) {
            table.row("bare QEMU, to the banner", bare.median(), bare.least(), bare.most());
        }
        table.print(surroundings.output());
    }

    /** Measurements of one thing. */
    private static final class Samples {
        private final List<Duration> durations = new ArrayList<>();

        void add(Duration duration) {
            durations.add(duration);
        }

        boolean isEmpty() {
            return durations.isEmpty();
        }

        String median() {
            return seconds(sorted().get(durations.size() / 2));
        }

        String least() {
            return seconds(sorted().get(0));
        }

        String most() {
            return seconds(sorted().get(durations.size() - 1));
        }

        List<Double> values() {
            return durations.stream()
                    .map(duration -> duration.toMillis() / 1000.0)
                    .toList();
        }

        private List<Duration> sorted() {
            return durations.stream().sorted().toList();
        }

        private static String seconds(Duration duration) {
            return "%.2f s".formatted(duration.toMillis() / 1000.0);
        }
    }
}
