package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.options.BootedImage;
import io.jenkins.plugins.virtainers.cli.options.VmOptions;
import io.jenkins.plugins.virtainers.cli.terminal.LocalTerminal;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.LeaseKeeper;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.guest.VmState;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.ShellWords;
import io.jenkins.plugins.virtainers.engine.spec.BootMode;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A machine for one command. */
@Command(
        name = "exec",
        description = "Boot a virtual machine, run one command in it, and remove it.",
        footer = {
            "",
            "Input, output and exit status are the command's. Each argument reaches it unchanged.",
            "",
            "Examples:",
            "  virtainer exec debian:12 -- cat /etc/os-release",
            "  virtainer exec --memory 2G debian:12 -- sh -c 'cat > /tmp/in && wc -c < /tmp/in' < file"
        })
public final class ExecCommand implements Callable<Integer> {
    /** For the key exchange of a guest that emulates its processor, on a busy host. */
    public static final Duration LOGIN = Duration.ofSeconds(90);
    /** How long a machine outlives a command that was killed without a chance to clean up. */
    public static final Duration LEASE = Duration.ofSeconds(90);

    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Mixin
    private VmOptions machine;

    @Option(
            names = {"-t", "--tty"},
            description = "Give the command a terminal.")
    private boolean tty;

    @Mixin
    private BootedImage booted;

    @Parameters(
            arity = "1..*",
            paramLabel = "[IMAGE] COMMAND",
            description = "What to boot, such as debian:12, unless --image says it; and what to run, after --.")
    private List<String> words;

    public ExecCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        VmSpec.Builder asked = booted.toSpec(machine, image()).ephemeral(LEASE);
        asked.build();
        if (command().isEmpty()) {
            throw new InvalidSpecException("Say what to run in the machine, after --, such as: -- cat /etc/os-release");
        }
        try (Session session = Session.startingEngine(surroundings, common)) {
            session.sweep();
            SshKeyPair key = session.keys().ed25519("virtainer-exec");
            return run(session, asked.authorizedKey(key.publicLine()), key);
        }
    }

    private Optional<String> image() {
        return booted.isDisk() ? Optional.empty() : Optional.of(words.get(0));
    }

    private List<String> command() {
        return booted.isDisk() ? words : words.subList(1, words.size());
    }

    /**
     * The memory template of a guest that lacks one is made first: nothing of ours is then still at work when the command
     * has ended, and the first guest already is a restored one.
     */
    private int run(Session session, VmSpec.Builder asked, SshKeyPair key) throws InterruptedException {
        Optional<Integer> status = run(session, asked.build(), key, true);
        if (status.isEmpty()) {
            makeTemplate(session, asked);
            status = run(session, asked.build(), key, false);
        }
        return status.orElseThrow();
    }

    private static void makeTemplate(Session session, VmSpec.Builder asked) throws InterruptedException {
        try {
            session.engine().warm(asked.build(), session.screen());
        } catch (VirtainerException e) {
            session.screen().warn(e.getMessage() + " Booting without a template.");
            asked.boot(BootMode.DIRECT);
        }
    }

    /** @return the command's status; empty when it did not run, for want of a template */
    private Optional<Integer> run(Session session, VmSpec spec, SshKeyPair key, boolean withTemplate)
            throws InterruptedException {
        VmEngine engine = session.engine();
        VmState.Booting booting = engine.create(spec, session.ownership(), session.screen());
        try (LeaseKeeper lease = engine.keepAlive(booting.vm())) {
            Optional<VmState.Ready> ready = withTemplate
                    ? engine.awaitReadyUnlessTemplateIsMissing(booting, spec.bootTimeout(), session.screen())
                    : Optional.of(engine.awaitReady(booting, spec.bootTimeout(), session.screen()));
            return ready.isPresent() ? Optional.of(run(session, ready.get(), key)) : Optional.empty();
        } finally {
            engine.discard(booting.vm().container());
        }
    }

    private int run(Session session, VmState.Ready ready, SshKeyPair key) throws InterruptedException {
        session.screen().step("Logging in as " + ready.vm().user());
        try (GuestConnection guest = session.engine().connect(ready, key, LOGIN);
                GuestWatch watch = new GuestWatch(session, ready.vm(), guest)) {
            session.screen().done();
            return watch.explain(() -> run(guest)).shellStatus();
        }
    }

    private io.jenkins.plugins.virtainers.engine.io.GuestExit run(GuestConnection guest) throws InterruptedException {
        String commandLine = ShellWords.join(command());
        if (!tty) {
            return guest.run(
                    commandLine, ExecStreams.of(surroundings.input(), surroundings.output(), surroundings.errors()));
        }
        try (LocalTerminal terminal = new LocalTerminal(surroundings)) {
            return guest.run(commandLine, terminal.streams());
        }
    }
}
