package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.terminal.LocalTerminal;
import io.jenkins.plugins.virtainers.cli.terminal.StateDirectory;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.GuestExit;
import io.jenkins.plugins.virtainers.engine.io.ShellWords;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A login to a kept machine. */
@Command(
        name = "ssh",
        description = "Log in to a kept virtual machine, or run one command in it.",
        footer = {
            "",
            "Examples:",
            "  virtainer ssh web",
            "  virtainer ssh web -- systemctl status nginx",
            "  virtainer ssh web 'cd site && make'"
        })
public final class SshCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Option(
            names = {"-i", "--identity"},
            paramLabel = "FILE",
            description = "Private key to log in with. Default: the one that run made.")
    private Optional<Path> identity = Optional.empty();

    @Option(
            names = {"-t", "--tty"},
            description = "Give the command a terminal; a login shell always has one.")
    private boolean tty;

    @Parameters(index = "0", paramLabel = "NAME", description = "The machine.")
    private String name;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "COMMAND",
            description = "What to run, after --. One word with blanks is a line for the guest's shell, as ssh has it.")
    private List<String> command = List.of();

    public SshCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        VmName vmName = new VmName(name);
        try (Session session = Session.open(surroundings, common)) {
            Vm vm = session.running(vmName);
            SshKeyPair key = key(session.state(), vmName, identity);
            try (GuestConnection guest = Logins.to(session, vm, key);
                    GuestWatch watch = new GuestWatch(session, vm, guest)) {
                session.screen().done();
                return watch.explain(() -> converse(guest)).shellStatus();
            }
        }
    }

    private GuestExit converse(GuestConnection guest) throws InterruptedException {
        if (!command.isEmpty() && !tty) {
            return guest.run(
                    commandLine(), ExecStreams.of(surroundings.input(), surroundings.output(), surroundings.errors()));
        }
        try (LocalTerminal terminal = new LocalTerminal(surroundings)) {
            return command.isEmpty() ? guest.shell(terminal.streams()) : guest.run(commandLine(), terminal.streams());
        }
    }

    private String commandLine() {
        boolean isLine = command.size() == 1 && command.get(0).contains(" ");
        return isLine ? command.get(0) : ShellWords.join(command);
    }

    /** The key to log in with: the named one, else the one that was made with the machine. */
    static SshKeyPair key(StateDirectory state, VmName name, Optional<Path> identity) {
        if (identity.isPresent()) {
            try {
                return new SshKeyPair("", Files.readString(identity.get()));
            } catch (IOException e) {
                throw Failure.LOGIN_REFUSED.because(
                        "Cannot read the private key %s: no such file, or not readable.".formatted(identity.get()), e);
            }
        }
        return state.key(name)
                .orElseThrow(() -> Failure.LOGIN_REFUSED.because(
                        "Cannot log in to %s: this user did not make it and has no key for it. Name one with --identity."
                                .formatted(name)));
    }
}
