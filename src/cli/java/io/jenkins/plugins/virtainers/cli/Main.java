package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.cli.terminal.Delivery;
import io.jenkins.plugins.virtainers.cli.terminal.Interruption;
import io.jenkins.plugins.virtainers.cli.terminal.Logging;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Where the command begins and ends. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Logging.configure(System.getenv());
        // Bytes of a guest pass unchanged, in large pieces: the default stream would flush and count characters.
        AtomicInteger lost = new AtomicInteger();
        Delivery delivery = new Delivery(new FileOutputStream(FileDescriptor.out), System.err, status -> {
            lost.set(status);
            // The thread that writes may be the one that is waited for.
            new Thread(() -> System.exit(status), "virtainers-output-lost").start();
        });
        try (PrintStream output = new PrintStream(delivery, false, StandardCharsets.UTF_8)) {
            int status = Interruption.guard(() -> new CommandLineFace(
                            new Surroundings(Map.copyOf(System.getenv()), System.in, output, System.err))
                    .execute(arguments));
            output.flush();
            System.exit(lost.get() != 0 ? lost.get() : status);
        }
    }
}
