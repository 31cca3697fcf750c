package io.jenkins.plugins.virtainers.engine.boot;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.ContainerLogs;
import io.jenkins.plugins.virtainers.engine.io.ConsoleTail;
import io.jenkins.plugins.virtainers.engine.io.LineReader;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.io.RuntimeEvent;
import io.jenkins.plugins.virtainers.engine.template.Templates;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Watches one container until its guest is ready: reads the runtime's events and the guest's console, and notices at
 * once when the container ends or its host is lost.
 */
public final class BootWatch implements AutoCloseable, ContainerLogs.LogListener {
    /** The runtime's first event after each start of its container. */
    private static final String START = "start";

    /** Time for the last log lines to arrive once the exit status has. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    private final ContainerHost host;
    private final Vm vm;
    private final Progress progress;
    private final ConsoleTail console = new ConsoleTail();
    private final LineReader stdout = new LineReader(this::consoleLine);
    private final LineReader stderr = new LineReader(this::runtimeLine);
    /** Completes with null when the guest is ready, or with the exit status of the container. */
    private final CompletableFuture<Optional<Integer>> outcome = new CompletableFuture<>();

    /** Completes when the guest boots because there is no template to restore it from. */
    private final CompletableFuture<Void> templateMissed = new CompletableFuture<>();

    private final CompletableFuture<Integer> exit;
    private final ContainerLogs.LogStream logs;
    /** How often the container has yet to start in its log until it is the start that is watched. */
    private int startsToCome;

    private volatile Optional<RuntimeEvent> failed = Optional.empty();
    private volatile Optional<RuntimeEvent> last = Optional.empty();
    private volatile Optional<String> wantedTemplate = Optional.empty();

    /** Watches a container that was never started before. */
    public BootWatch(ContainerHost host, Vm vm, Progress progress) throws InterruptedException {
        this(host, vm, progress, 0);
    }

    /** @param earlier how often it had been started before, as {@link #starts} tells: its log has those boots too */
    public BootWatch(ContainerHost host, Vm vm, Progress progress, int earlier) throws InterruptedException {
        this.startsToCome = earlier == 0 ? 0 : earlier + 1;
        this.host = host;
        this.vm = vm;
        this.progress = progress;
        this.exit = host.exitStatus(vm.container());
        this.logs = host.followLogs(vm.container(), this);
        exit.whenComplete((status, problem) -> settle(Optional.ofNullable(status), problem));
        logs.ended().whenComplete((nothing, problem) -> {
            if (problem != null) {
                settle(Optional.empty(), problem);
            }
        });
    }

    /** How often a container was started so far, by its log. */
    public static int starts(ContainerHost host, ContainerId container) throws InterruptedException {
        AtomicInteger starts = new AtomicInteger();
        LineReader runtime = new LineReader(line -> {
            if (RuntimeEvent.parse(line).filter(event -> event.is(START)).isPresent()) {
                starts.incrementAndGet();
            }
        });
        host.readLogs(container, OptionalInt.empty(), new ContainerLogs.LogListener() {
            @Override
            public void stdout(byte[] bytes) {
                // The guest's console, which proves nothing.
            }

            @Override
            public void stderr(byte[] bytes) {
                runtime.accept(bytes);
            }
        });
        return starts.get();
    }

    /** Returns when the guest is ready, and throws when it will never be, or is not within the time. */
    public void await(Duration timeout) throws InterruptedException {
        await(outcome, timeout);
    }

    /**
     * Waits as {@link #await} does, but no longer than until the guest turns out to boot for want of a template.
     *
     * @return whether the guest is ready
     */
    public boolean awaitUnlessTemplateIsMissing(Duration timeout) throws InterruptedException {
        await(CompletableFuture.anyOf(outcome, templateMissed), timeout);
        return outcome.isDone();
    }

    private void await(CompletableFuture<?> awaited, Duration timeout) throws InterruptedException {
        try {
            if (awaited.get(timeout.toMillis(), TimeUnit.MILLISECONDS) instanceof Optional<?> status
                    && status.isPresent()) {
                awaitLastWords();
                throw ended((Integer) status.get());
            }
        } catch (ExecutionException e) {
            throw lost(e.getCause());
        } catch (TimeoutException e) {
            throw Failure.NOT_READY.because(
                    "%s: no SSH within %d s; the last thing heard was %s. Allow more time, or look at the console."
                                    .formatted(subject(), timeout.toSeconds(), lastWords())
                            + console.quoted(),
                    e);
        }
    }

    /** The memory template that the guest would have been restored from, had there been one. */
    public Optional<String> wantedTemplate() {
        return wantedTemplate;
    }

    @Override
    public void stdout(byte[] bytes) {
        stdout.accept(bytes);
    }

    @Override
    public void stderr(byte[] bytes) {
        stderr.accept(bytes);
    }

    @Override
    public void close() {
        exit.cancel(true);
        logs.close();
    }

    private void settle(Optional<Integer> status, Throwable problem) {
        if (problem == null) {
            outcome.complete(status);
        } else {
            outcome.completeExceptionally(problem);
        }
    }

    private void consoleLine(String line) {
        if (startsToCome > 0) {
            return;
        }
        String clean = ConsoleTail.clean(line);
        console.add(clean);
        progress.console(clean);
    }

    private void runtimeLine(String line) {
        Optional<RuntimeEvent> event = RuntimeEvent.parse(line);
        if (event.filter(one -> one.is(START)).isPresent() && startsToCome > 0) {
            startsToCome--;
        }
        if (startsToCome > 0) {
            return;
        }
        if (event.isEmpty()) {
            progress.detail(ConsoleTail.clean(line));
            return;
        }
        last = event;
        if (event.get().is("failed")) {
            failed = event;
        }
        Templates.wanted(event.get()).ifPresent(key -> wantedTemplate = Optional.of(key));
        progress.event(event.get());
        if (event.get().is("rung") && wantedTemplate.isPresent()) {
            templateMissed.complete(null);
        }
        if (event.get().is("ready")) {
            outcome.complete(Optional.empty());
        }
    }

    private void awaitLastWords() throws InterruptedException {
        try {
            logs.ended().get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // The error then quotes what has arrived.
            return;
        }
        stdout.finish();
        stderr.finish();
    }

    private VirtainerException ended(int status) {
        Failure failure = Failure.ofContainerStatus(status).orElse(Failure.CONTAINER_ENDED);
        String why = failed.map(RuntimeEvent::sentence).orElseGet(() -> unexplained(status));
        return failure.because(subject() + ": " + why + console.quoted());
    }

    private static String unexplained(int status) {
        return switch (status) {
            case 0 -> "the container was stopped before the guest was ready. Try again.";
            case 137 ->
                "the container was killed (status 137), by somebody or for want of memory on the host."
                        + " Look at the host's log, or ask for less memory.";
            case 143 -> "the container was terminated (status 143) before the guest was ready. Try again.";
            default -> "the container ended with status " + status + " and did not say why.";
        };
    }

    private VirtainerException lost(Throwable cause) {
        if (cause instanceof VirtainerException known) {
            return known.failure()
                    .because(
                            subject() + ": lost sight of the container. " + known.getMessage() + console.quoted(),
                            cause);
        }
        return Failure.ENGINE_UNREACHABLE.because(
                subject() + ": the container engine broke off (" + cause.getMessage() + "). Is it still running?"
                        + console.quoted(),
                cause);
    }

    private String subject() {
        return "Cannot boot " + vm.image() + " on " + host.address();
    }

    private String lastWords() {
        return last.map(event -> "\"%s: %s\"".formatted(event.name(), event.text()))
                .orElse("nothing at all");
    }
}
