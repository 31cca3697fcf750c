package io.jenkins.plugins.virtainers.cli.terminal;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.Terminal;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The terminal that this process was started on, in raw mode as long as this is open: every key goes to the guest. Where
 * there is none, the guest gets a terminal of the usual size and nothing changes here.
 */
public final class LocalTerminal implements Terminal, AutoCloseable {
    private static final File DEVICE = new File("/dev/tty");
    private static final Size USUAL = new Size(80, 24);
    private static final Pattern ROWS_AND_COLUMNS = Pattern.compile("(\\d+) (\\d+)");

    private final Surroundings surroundings;
    private final Optional<String> savedModes;

    public LocalTerminal(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.savedModes = surroundings.isTerminal(0) ? Optional.of(stty("-g").strip()) : Optional.empty();
        savedModes.ifPresent(modes -> stty("raw", "-echo"));
    }

    /** Standard input and output through this terminal. */
    public ExecStreams streams() {
        return new ExecStreams(surroundings.input(), surroundings.output(), surroundings.errors(), Optional.of(this));
    }

    @Override
    public String type() {
        return surroundings.variable("TERM").orElse("dumb");
    }

    @Override
    public Size size() {
        if (savedModes.isEmpty()) {
            return USUAL;
        }
        Matcher size = ROWS_AND_COLUMNS.matcher(stty("size").strip());
        return size.matches() && !size.group(1).equals("0")
                ? new Size(Integer.parseInt(size.group(2)), Integer.parseInt(size.group(1)))
                : USUAL;
    }

    @Override
    public Resizes onResize(Consumer<Size> listener) {
        return savedModes.isEmpty() ? () -> {} : SizeSignal.onArrival(() -> listener.accept(size()));
    }

    @Override
    public void close() {
        savedModes.ifPresent(this::stty);
    }

    private String stty(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "stty";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(DEVICE)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Failure.PLATFORM.because("Cannot use this terminal: " + e.getMessage() + ".", e);
        }
    }
}
