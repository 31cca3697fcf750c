package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.terminal.StateDirectory;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.serve.ApiServer;
import io.jenkins.plugins.virtainers.serve.ListenAddress;
import io.jenkins.plugins.virtainers.serve.Machines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The engine for programs. */
@Command(
        name = "serve",
        description = "Serve the engine to programs of this machine, over HTTP and JSON, until interrupted."
                + " Its machines stay; ps, ssh and rm know them too.",
        footer = {
            "",
            "Examples:",
            "  virtainer serve",
            "  virtainer serve --listen 127.0.0.1:8080",
            "  curl --unix-socket ~/.local/state/virtainers/api.sock http://localhost/v1/machines"
        })
final class ServeCommand implements Callable<Integer> {
    private static final int TOKEN_BYTES = 32;

    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            description =
                    "Where: unix:///path, whose file is this user's alone, or a port of this machine alone, such as"
                            + " 127.0.0.1:8080, where clients show a token; port 0 is one that is free."
                            + " Default: api.sock in the state directory.")
    private Optional<String> listen = Optional.empty();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File whose first line is the token that clients show at a port."
                    + " Default: api.token in the state directory, made if it is not there.")
    private Optional<Path> tokenFile = Optional.empty();

    public ServeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        Optional<ListenAddress> asked = listen.map(ListenAddress::parse);
        try (Session session = Session.startingEngine(surroundings, common)) {
            session.sweep();
            StateDirectory state = session.state();
            ListenAddress where = asked.orElseGet(() -> new ListenAddress.UnixSocket(state.place("api.sock")));
            boolean shown = where instanceof ListenAddress.Loopback;
            Path file = tokenFile.orElseGet(() -> state.file("api.token"));
            String token = shown ? token(state, file) : "";
            try (Machines machines = new Machines(
                            session.engine(), session.ownership(), session.keys(), state, Clock.systemUTC());
                    ApiServer server = ApiServer.start(machines, where, token)) {
                session.screen().done();
                surroundings.output().println("address  " + server.address());
                if (shown) {
                    surroundings.output().println("token    " + file.toAbsolutePath());
                }
                surroundings.output().flush();
                new CountDownLatch(1).await();
                return 0;
            }
        }
    }

    private String token(StateDirectory state, Path file) {
        // Servers at several ports have one token: a new one would lock out who knows the old one.
        if (tokenFile.isEmpty() && !Files.exists(file)) {
            byte[] bytes = new byte[TOKEN_BYTES];
            new SecureRandom().nextBytes(bytes);
            String token = HexFormat.of().formatHex(bytes);
            state.write(file, token + "\n", "rw-------");
            return token;
        }
        try {
            return Files.readString(file)
                    .lines()
                    .findFirst()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .orElseThrow(() -> Failure.USAGE.because("The token file %s is empty.".formatted(file)));
        } catch (IOException e) {
            throw Failure.USAGE.because("Cannot read the token file %s: %s.".formatted(file, e.getMessage()), e);
        }
    }
}
