package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerLogs;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.io.PrintStream;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a machine said. */
@Command(
        name = "logs",
        description = "Print a machine's console, and on standard error what the runtime said.",
        footer = {"", "Examples:", "  virtainer logs -f web", "  virtainer logs web 2>&1 >/dev/null"})
public final class LogsCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the machine ends.")
    private boolean follow;

    @Option(
            names = {"-n", "--tail"},
            paramLabel = "LINES",
            description = "Only the last lines.")
    private Optional<Integer> tail = Optional.empty();

    @Parameters(index = "0", paramLabel = "NAME", description = "The machine.")
    private String name;

    public LogsCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (tail.isPresent() && (tail.get() < 0 || follow)) {
            throw new InvalidSpecException("--tail takes a number of lines, and does not go with --follow.");
        }
        try (Session session = Session.open(surroundings, common)) {
            Container container = session.container(new VmName(name));
            if (follow) {
                follow(session.host(), container);
            } else {
                session.host()
                        .readLogs(container.id(), tail.map(OptionalInt::of).orElseGet(OptionalInt::empty), printing());
            }
            return 0;
        }
    }

    private void follow(ContainerLogs host, Container container) throws InterruptedException {
        try (ContainerLogs.LogStream log = host.followLogs(container.id(), printing())) {
            log.ended().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof VirtainerException known ? known : new IllegalStateException(e.getCause());
        }
    }

    private ContainerLogs.LogListener printing() {
        return new ContainerLogs.LogListener() {
            @Override
            public void stdout(byte[] bytes) {
                print(surroundings.output(), bytes);
            }

            @Override
            public void stderr(byte[] bytes) {
                print(surroundings.errors(), bytes);
            }
        };
    }

    private static void print(PrintStream stream, byte[] bytes) {
        stream.write(bytes, 0, bytes.length);
        stream.flush();
    }
}
