package io.jenkins.plugins.virtainers.cli.terminal;

import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.io.RuntimeEvent;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is said to people while something happens: one line that moves on a terminal, one line a step elsewhere. Safe for
 * use by several threads.
 */
public final class Screen implements Progress, AutoCloseable {
    private static final String NAME = "virtainer: ";
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final String DIM = "\u001b[2m";
    private static final String YELLOW = "\u001b[33m";
    private static final String PLAIN = "\u001b[0m";
    private static final int WIDTH = 100;
    private static final long TICK_MILLIS = 200;
    /** Elsewhere than on a terminal: how long something new may take unsaid, and how long silence lasts. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration SILENCE = Duration.ofSeconds(20);

    private final PrintStream errors;
    private final boolean lively;
    private final boolean quiet;
    private final boolean verbose;
    private final ScheduledExecutorService ticks;
    private Optional<String> step = Optional.empty();
    private String detail = "";
    private long stepBegan;
    /** What happened since something was said: which way the guest comes up and why, and the last of all else. */
    private String unsaidRung = "";

    private String unsaid = "";
    private long lastSaid;
    private boolean drawn;

    /**
     * @param lively whether the line may move
     * @param quiet whether to say nothing but warnings
     * @param verbose whether to say everything, the guest's console included
     */
    public Screen(PrintStream errors, boolean lively, boolean quiet, boolean verbose) {
        this.errors = errors;
        this.lively = lively && !verbose;
        this.quiet = quiet;
        this.verbose = verbose;
        this.ticks = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "virtainers-screen");
            thread.setDaemon(true);
            return thread;
        });
        if (!quiet && !verbose) {
            Runnable tick = this.lively ? this::draw : () -> tell(System.nanoTime());
            ticks.scheduleAtFixedRate(tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
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
        forgetUnsaid();
        lastSaid = stepBegan;
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
    public synchronized void passOn(String line) {
        if (quiet) {
            return;
        }
        if (lively) {
            detail = line;
        } else {
            errors.println("  " + line);
            lastSaid = System.nanoTime();
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
        if (event.is("rung")) {
            unsaidRung = detail;
        } else {
            unsaid = detail;
        }
    }

    @Override
    public synchronized void console(String line) {
        if (verbose) {
            errors.println("  | " + line);
        }
    }

    /** Says something that people should know and that ends nothing. */
    public synchronized void warn(String sentence) {
        clear();
        errors.println(lively ? NAME + YELLOW + sentence + PLAIN : NAME + sentence);
    }

    /** Says something in a line of its own. */
    public synchronized void say(String sentence) {
        if (!quiet) {
            clear();
            errors.println(NAME + sentence);
        }
    }

    /** Shows a line in the place of the one that was shown before, on a terminal alone. */
    public synchronized void show(String line) {
        if (lively && !quiet) {
            errors.print(CLEAR_LINE + line);
            errors.flush();
            drawn = true;
        }
    }

    /** The same, for good. */
    public synchronized void leave(String line) {
        if (lively && !quiet) {
            errors.println(CLEAR_LINE + line);
            drawn = false;
        }
    }

    /** The steps are over; what follows on the terminal is somebody else's. */
    public synchronized void done() {
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

    /** Says how far a step is that takes long, where no line moves. */
    synchronized void tell(long now) {
        boolean isNew = !unsaidRung.isEmpty() || !unsaid.isEmpty();
        long waited = now - lastSaid;
        if (step.isEmpty() || waited < (isNew ? PATIENCE : SILENCE).toNanos()) {
            return;
        }
        long seconds = Duration.ofNanos(now - stepBegan).toSeconds();
        String more = isNew
                ? Stream.of(unsaidRung, unsaid).filter(text -> !text.isEmpty()).collect(Collectors.joining("; "))
                : detail;
        errors.println(NAME + step.get() + " " + seconds + " s" + (more.isEmpty() ? "" : ", " + more));
        forgetUnsaid();
        lastSaid = now;
    }

    private void forgetUnsaid() {
        unsaidRung = "";
        unsaid = "";
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
