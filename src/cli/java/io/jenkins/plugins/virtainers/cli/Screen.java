package io.jenkins.plugins.virtainers.cli;

import io.jenkins.plugins.virtainers.engine.Progress;
import io.jenkins.plugins.virtainers.engine.RuntimeEvent;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What is said to people while something happens: one line that moves on a terminal, one line a step elsewhere. Safe for
 * use by several threads.
 */
final class Screen implements Progress, AutoCloseable {
    private static final String NAME = "virtainer: ";
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final String DIM = "\u001b[2m";
    private static final String YELLOW = "\u001b[33m";
    private static final String PLAIN = "\u001b[0m";
    private static final int WIDTH = 100;
    private static final long TICK_MILLIS = 200;

    private final PrintStream errors;
    private final boolean lively;
    private final boolean quiet;
    private final boolean verbose;
    private final ScheduledExecutorService ticks;
    private Optional<String> step = Optional.empty();
    private String detail = "";
    private long stepBegan;
    private boolean drawn;

    /**
     * @param lively whether the line may move
     * @param quiet whether to say nothing but warnings
     * @param verbose whether to say everything, the guest's console included
     */
    Screen(PrintStream errors, boolean lively, boolean quiet, boolean verbose) {
        this.errors = errors;
        this.lively = lively && !verbose;
        this.quiet = quiet;
        this.verbose = verbose;
        this.ticks = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "virtainers-screen");
            thread.setDaemon(true);
            return thread;
        });
        if (this.lively && !quiet) {
            ticks.scheduleAtFixedRate(this::draw, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public synchronized void step(String sentence) {
        if (quiet) {
            return;
        }
        clear();
        step = Optional.of(sentence);
        detail = "";
        stepBegan = System.nanoTime();
        if (lively) {
            draw();
        } else {
            errors.println(NAME + sentence);
        }
    }

    @Override
    public synchronized void detail(String line) {
        if (verbose) {
            errors.println(NAME + line);
        }
        detail = line;
    }

    /** Says what a build or an installation prints: seen everywhere, for it takes minutes. */
    synchronized void passOn(String line) {
        if (quiet) {
            return;
        }
        if (lively) {
            detail = line;
        } else {
            errors.println("  " + line);
        }
    }

    @Override
    public synchronized void event(RuntimeEvent event) {
        if (event.is("warning")) {
            warn(event.text());
        } else if (verbose) {
            errors.println(
                    "%s+%.3fs %s: %s".formatted(NAME, event.at().toMillis() / 1000.0, event.name(), event.text()));
        }
        detail = event.name() + " " + event.text();
    }

    @Override
    public synchronized void console(String line) {
        if (verbose) {
            errors.println("  | " + line);
        }
    }

    /** Says something that people should know and that ends nothing. */
    synchronized void warn(String sentence) {
        clear();
        errors.println(lively ? NAME + YELLOW + sentence + PLAIN : NAME + sentence);
    }

    /** Says something in a line of its own. */
    synchronized void say(String sentence) {
        if (!quiet) {
            clear();
            errors.println(NAME + sentence);
        }
    }

    /** The steps are over; what follows on the terminal is somebody else's. */
    synchronized void done() {
        clear();
        step = Optional.empty();
    }

    private synchronized void draw() {
        if (step.isEmpty()) {
            return;
        }
        Duration since = Duration.ofNanos(System.nanoTime() - stepBegan);
        String line = NAME + step.get() + " " + since.toSeconds() + " s";
        int room = WIDTH - line.length() - 1;
        String more = detail.length() > room ? detail.substring(0, Math.max(0, room)) : detail;
        errors.print(CLEAR_LINE + line + " " + DIM + more + PLAIN);
        errors.flush();
        drawn = true;
    }

    private void clear() {
        if (drawn) {
            errors.print(CLEAR_LINE);
            errors.flush();
            drawn = false;
        }
    }

    @Override
    public void close() {
        ticks.shutdownNow();
        done();
    }
}
