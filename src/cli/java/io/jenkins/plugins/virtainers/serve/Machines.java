package io.jenkins.plugins.virtainers.serve;

import io.jenkins.plugins.virtainers.engine.Container;
import io.jenkins.plugins.virtainers.engine.ContainerId;
import io.jenkins.plugins.virtainers.engine.Endpoint;
import io.jenkins.plugins.virtainers.engine.ExecStreams;
import io.jenkins.plugins.virtainers.engine.Failure;
import io.jenkins.plugins.virtainers.engine.GuestConnection;
import io.jenkins.plugins.virtainers.engine.GuestExit;
import io.jenkins.plugins.virtainers.engine.KeyGenerator;
import io.jenkins.plugins.virtainers.engine.Ownership;
import io.jenkins.plugins.virtainers.engine.Progress;
import io.jenkins.plugins.virtainers.engine.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.VirtainerException;
import io.jenkins.plugins.virtainers.engine.Vm;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.VmName;
import io.jenkins.plugins.virtainers.engine.VmSpec;
import io.jenkins.plugins.virtainers.engine.VmState;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Logger;

/**
 * The machines of one owner. Making one goes on in the background, and what became of it is known here for as long as the
 * machine is there; one that failed is remembered until somebody removes it, or until too many others have failed since.
 * Any number of threads may call.
 */
public final class Machines implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger(Machines.class.getName());

    private static final Duration LOGIN = Duration.ofSeconds(90);
    private static final int FAILED_KEPT = 100;

    private final VmEngine engine;
    private final Ownership ownership;
    private final KeyGenerator generator;
    private final MachineKeys keys;
    private final Clock clock;
    private final Events events = new Events();
    private final ExecutorService makers = Executors.newCachedThreadPool();
    private final Map<VmName, Making> made = new LinkedHashMap<>();

    /** A machine that was asked for here. */
    private static final class Making {
        final String image;
        final CompletableFuture<VmState.Ready> ready = new CompletableFuture<>();
        volatile String state = "creating";
        volatile Optional<ContainerId> container = Optional.empty();
        volatile Optional<Endpoint> ssh = Optional.empty();
        volatile Optional<Problem> failure = Optional.empty();

        Making(String image) {
            this.image = image;
        }

        boolean goesOn() {
            return state.equals("creating") || state.equals("booting");
        }
    }

    /**
     * @param engine stays the caller's
     * @param ownership whose the machines are
     * @param generator of the keys that log in
     * @param keys where those are kept
     * @param clock of this machine
     */
    public Machines(VmEngine engine, Ownership ownership, KeyGenerator generator, MachineKeys keys, Clock clock) {
        this.engine = engine;
        this.ownership = ownership;
        this.generator = generator;
        this.keys = keys;
        this.clock = clock;
    }

    Events events() {
        return events;
    }

    /** Begins to make a machine, whose keys log in beside one of ours. */
    Machine create(MachineRequest request) throws InterruptedException {
        VmSpec.Builder asked = request.toSpec();
        VmName name = asked.build().name();
        String image = asked.build().image().toString();
        asked.name(name);
        Making making = new Making(image);
        Optional<Container> there = engine.inspect(name);
        synchronized (made) {
            Making before = made.get(name);
            if (there.isPresent() || (before != null && before.goesOn())) {
                throw Failure.NAME_IN_USE.because(
                        "There is a machine %s already. Remove it, or choose another name.".formatted(name));
            }
            made.put(name, making);
            forgetOldFailures();
        }
        tell(name, "creating", image);
        makers.execute(() -> make(name, making, asked));
        return Machine.without(name.value(), image, making.state, Optional.empty());
    }

    private void forgetOldFailures() {
        List<VmName> failed = new ArrayList<>();
        made.forEach((name, making) -> {
            if (making.state.equals("failed")) {
                failed.add(name);
            }
        });
        failed.stream().limit(Math.max(0, failed.size() - FAILED_KEPT)).forEach(made::remove);
    }

    private void make(VmName name, Making making, VmSpec.Builder asked) {
        try {
            VmState.Ready ready = boot(name, making, asked);
            making.ssh = Optional.of(ready.ssh());
            making.state = "ready";
            tell(name, "ready", "SSH answers at " + ready.ssh());
            making.ready.complete(ready);
        } catch (VirtainerException e) {
            fail(name, making, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(name, making, Failure.NOT_READY.because("This server ended before %s was ready.".formatted(name), e));
        } catch (RuntimeException e) {
            fail(name, making, Failure.PLATFORM.because("Making %s failed: %s".formatted(name, e), e));
        }
    }

    /** When this throws, nothing is left of the machine. */
    private VmState.Ready boot(VmName name, Making making, VmSpec.Builder asked) throws InterruptedException {
        SshKeyPair key = generator.ed25519("virtainer-serve");
        VmSpec spec = asked.authorizedKey(key.publicLine()).build();
        VmState.Booting booting = engine.create(spec, ownership, progress(name));
        boolean kept = false;
        try {
            keys.saveKey(name, key);
            making.container = Optional.of(booting.vm().container());
            making.state = "booting";
            tell(name, "booting", making.image);
            VmState.Ready ready = engine.awaitReady(booting, spec.bootTimeout(), progress(name));
            keys.saveHostKey(name, ready.ssh(), ready.vm().hostKey());
            kept = true;
            return ready;
        } finally {
            if (!kept) {
                engine.discard(booting.vm().container());
                keys.forget(name);
            }
        }
    }

    private void fail(VmName name, Making making, VirtainerException thrown) {
        making.failure = Optional.of(Problem.of(thrown));
        making.state = "failed";
        tell(name, "failed", thrown.getMessage());
        making.ready.completeExceptionally(thrown);
    }

    private Progress progress(VmName name) {
        return new Progress() {
            @Override
            public void step(String sentence) {
                tell(name, "progress", sentence);
            }
        };
    }

    /** All of this owner's. */
    List<Machine> list() throws InterruptedException {
        Map<String, Machine> machines = new LinkedHashMap<>();
        synchronized (made) {
            made.forEach((name, making) -> {
                if (making.state.equals("creating") || making.state.equals("failed")) {
                    machines.put(name.value(), without(name, making));
                }
            });
        }
        for (Container container : engine.list(ownership)) {
            machines.put(container.name(), describe(container));
        }
        return List.copyOf(machines.values());
    }

    /** One of any owner. */
    Machine inspect(VmName name) throws InterruptedException {
        Optional<Container> container = engine.inspect(name);
        if (container.isPresent()) {
            return describe(container.get());
        }
        return making(name)
                .filter(making -> making.state.equals("creating") || making.state.equals("failed"))
                .map(making -> without(name, making))
                .orElseThrow(() -> noSuch(name));
    }

    private static Machine without(VmName name, Making making) {
        return Machine.without(name.value(), making.image, making.state, making.failure);
    }

    private Machine describe(Container container) {
        // Another program may have removed the one that was made here, and made another of its name.
        Optional<Making> making =
                making(new VmName(container.name())).filter(it -> it.container.equals(Optional.of(container.id())));
        return Machine.of(container, making.map(it -> it.state), making.flatMap(it -> it.ssh));
    }

    private Optional<Making> making(VmName name) {
        synchronized (made) {
            return Optional.ofNullable(made.get(name));
        }
    }

    /** Waits until a machine answers SSH; throws what became of it when it does not. */
    Machine await(VmName name, Duration timeout) throws InterruptedException {
        Optional<Making> making = making(name).filter(it -> it.goesOn() || it.state.equals("failed"));
        if (making.isPresent()) {
            await(name, making.get().ready, timeout);
            return inspect(name);
        }
        engine.awaitReady(new VmState.Booting(running(name), clock.instant()), timeout, Progress.SILENT);
        Machine machine = inspect(name);
        return machine.state().equals("ready")
                ? machine
                : Machine.of(container(name), Optional.of("ready"), Optional.empty());
    }

    private static void await(VmName name, CompletableFuture<VmState.Ready> ready, Duration timeout)
            throws InterruptedException {
        try {
            ready.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw Failure.NOT_READY.because(
                    "%s is not ready after %d s; it goes on booting.".formatted(name, timeout.toSeconds()), e);
        } catch (ExecutionException e) {
            throw (VirtainerException) e.getCause();
        }
    }

    /** Runs a command in a machine whose key is known here, until it ends or the time is over. */
    GuestExit run(VmName name, String commandLine, ExecStreams streams, Duration timeout) throws InterruptedException {
        Vm vm = running(name);
        SshKeyPair key = keys.key(name)
                .orElseThrow(() -> Failure.LOGIN_REFUSED.because(
                        "Cannot log in to %s: this user did not make it and has no key for it.".formatted(name)));
        VmState.Ready ready = new VmState.Ready(vm, engine.reachable(vm));
        try (GuestConnection guest = engine.connect(ready, key, LOGIN)) {
            return withDeadline(name, guest, () -> guest.run(commandLine, streams), timeout);
        }
    }

    private interface Run {
        GuestExit now() throws InterruptedException;
    }

    private GuestExit withDeadline(VmName name, GuestConnection guest, Run run, Duration timeout)
            throws InterruptedException {
        CompletableFuture<Void> deadline =
                new CompletableFuture<Void>().completeOnTimeout(null, timeout.toMillis(), TimeUnit.MILLISECONDS);
        deadline.thenRunAsync(guest::close, makers);
        try {
            return run.now();
        } catch (VirtainerException e) {
            if (deadline.isDone()) {
                throw Failure.NOT_READY.because(
                        "The command in %s was hung up on: it took longer than %d s."
                                .formatted(name, timeout.toSeconds()),
                        e);
            }
            throw e;
        } finally {
            deadline.cancel(false);
        }
    }

    /** Powers a machine off. */
    Machine stop(VmName name, Duration grace) throws InterruptedException {
        engine.stop(container(name).id(), grace);
        tell(name, "stopped", "");
        return inspect(name);
    }

    /** Removes a machine with all that it wrote, or the memory of one that failed. */
    void remove(VmName name) throws InterruptedException {
        Optional<Container> container = engine.inspect(name);
        Optional<Making> making = making(name);
        if (making.filter(it -> it.state.equals("creating")).isPresent()) {
            throw Failure.NAME_IN_USE.because(
                    "%s is only being created, and cannot be removed yet. Wait for it.".formatted(name));
        }
        if (container.isEmpty() && making.isEmpty()) {
            throw noSuch(name);
        }
        if (container.isPresent()) {
            engine.remove(container.get().id());
        }
        keys.forget(name);
        synchronized (made) {
            made.remove(name);
        }
        tell(name, "removed", "");
    }

    private Container container(VmName name) throws InterruptedException {
        return engine.inspect(name).orElseThrow(() -> noSuch(name));
    }

    private Vm running(VmName name) throws InterruptedException {
        Container container = container(name);
        if (!container.isRunning()) {
            throw Failure.CONTAINER_ENDED.because("%s does not run. Remove it, and make another.".formatted(name));
        }
        return Vm.of(container)
                .orElseThrow(() -> Failure.NOT_A_VIRTAINER.because(
                        "Container %s holds no virtual machine of this project.".formatted(name)));
    }

    private static VirtainerException noSuch(VmName name) {
        return Failure.NO_SUCH_VM.because("There is no machine %s.".formatted(name));
    }

    private void tell(VmName name, String type, String message) {
        events.tell(new Events.Event(
                name.value(),
                type,
                Optional.of(message).filter(text -> !text.isEmpty()),
                clock.instant().toString()));
    }

    /** Ends what is being made; what is ready stays. */
    @Override
    public void close() {
        makers.shutdownNow();
        try {
            if (!makers.awaitTermination(1, TimeUnit.MINUTES)) {
                LOGGER.warning(
                        "Machines that were being made are still there; their owner's next command removes them.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
