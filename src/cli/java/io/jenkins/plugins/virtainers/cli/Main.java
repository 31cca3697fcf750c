package io.jenkins.plugins.virtainers.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Where the command begins and ends. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        Logging.configure(System.getenv());
        // Bytes of a guest pass unchanged, in large pieces: the default stream would flush and count characters.
        try (PrintStream output =
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8)) {
            int status = Interruption.guard(() -> new CommandLineFace(
                            new Surroundings(Map.copyOf(System.getenv()), System.in, output, System.err))
                    .execute(arguments));
            output.flush();
            System.exit(status);
        }
    }
}
