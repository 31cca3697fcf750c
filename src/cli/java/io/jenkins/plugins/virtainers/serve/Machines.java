package io.jenkins.plugins.virtainers.serve;

import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.guest.KeyGenerator;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.guest.VmState;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.GuestExit;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
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
    /** For a maker to take away what it has made so far. */
    private static final Duration ABANDONING = Duration.ofMinutes(2);

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
        /** When nobody makes it any more, and nothing of it changes by itself. */
        final CompletableFuture<Void> over = new CompletableFuture<>();

        volatile MachineState state = MachineState.CREATING;
        volatile Optional<ContainerId> container = Optional.empty();
        volatile Optional<Endpoint> ssh = Optional.empty();
        volatile Optional<Problem> failure = Optional.empty();
        /** Its container's end, which is told. */
        volatile Optional<CompletableFuture<Integer>> end = Optional.empty();

        private boolean abandoned;
        private Optional<Thread> maker = Optional.empty();

        Making(String image) {
            this.image = image;
        }

        boolean goesOn() {
            return state == MachineState.CREATING || state == MachineState.BOOTING;
        }

        boolean hasNoContainer() {
            return state == MachineState.CREATING || state == MachineState.FAILED;
        }

        /** This thread makes it from now on; whether somebody still wants it. */
        synchronized boolean begin() {
            maker = Optional.of(Thread.currentThread());
            return !abandoned;
        }

        void finish() {
            synchronized (this) {
                maker = Optional.empty();
            }
            over.complete(null);
        }

        /** Nobody wants it any more; its maker stops, and takes away what there is. */
        synchronized void abandon() {
            abandoned = true;
            maker.ifPresent(Thread::interrupt);
        }

        synchronized boolean isAbandoned() {
            return abandoned;
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
            if (making.state == MachineState.FAILED) {
                failed.add(name);
            }
        });
        failed.stream().limit(Math.max(0, failed.size() - FAILED_KEPT)).forEach(made::remove);
    }

    private void make(VmName name, Making making, VmSpec.Builder asked) {
        try {
            if (!making.begin()) {
                throw new InterruptedException();
            }
            VmState.Ready ready = boot(name, making, asked);
            making.ssh = ready.ssh().address();
            making.state = MachineState.READY;
            tell(name, "ready", "SSH answers at " + ready.ssh());
            making.ready.complete(ready);
        } catch (VirtainerException e) {
            fail(name, making, e);
        } catch (InterruptedException e) {
            fail(
                    name,
                    making,
                    making.isAbandoned()
                            ? Failure.NO_SUCH_VM.because("%s was removed before it was ready.".formatted(name), e)
                            : Failure.NOT_READY.because("This server ended before %s was ready.".formatted(name), e));
        } catch (RuntimeException e) {
            fail(name, making, Failure.PLATFORM.because("Making %s failed: %s".formatted(name, e), e));
        } finally {
            making.finish();
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
            making.state = MachineState.BOOTING;
            tell(name, "booting", making.image);
            VmState.Ready ready = engine.awaitReady(booting, spec.bootTimeout(), progress(name));
            keys.saveHostKey(name, ready.ssh().endpoint(), ready.vm().hostKey());
            kept = true;
            making.end = Optional.of(tellOfEnd(name, booting.vm().container()));
            return ready;
        } finally {
            if (!kept) {
                engine.discard(booting.vm().container());
                keys.forget(name);
            }
        }
    }

    private CompletableFuture<Integer> tellOfEnd(VmName name, ContainerId container) {
        CompletableFuture<Integer> end = engine.host().exitStatus(container);
        end.thenAccept(status -> tell(name, "ended", "Its container ended with status " + status + "."));
        return end;
    }

    private void fail(VmName name, Making making, VirtainerException thrown) {
        making.failure = Optional.of(Problem.of(thrown));
        making.state = MachineState.FAILED;
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
                if (making.hasNoContainer()) {
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
                .filter(Making::hasNoContainer)
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
        Optional<Making> making = making(name).filter(it -> it.goesOn() || it.state == MachineState.FAILED);
        if (making.isPresent()) {
            await(name, making.get().ready, timeout);
            return inspect(name);
        }
        engine.awaitReady(new VmState.Booting(running(name), clock.instant()), timeout, Progress.SILENT);
        Machine machine = inspect(name);
        return machine.state() == MachineState.READY
                ? machine
                : Machine.of(container(name), Optional.of(MachineState.READY), Optional.empty());
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
            return untilHungUp(name, vm, guest, () -> guest.run(commandLine, streams), timeout);
        }
    }

    private interface Run {
        GuestExit now() throws InterruptedException;
    }

    /** Hangs up when the time is over, and when the machine ends, of which a connection does not hear. */
    private GuestExit untilHungUp(VmName name, Vm vm, GuestConnection guest, Run run, Duration timeout)
            throws InterruptedException {
        CompletableFuture<Void> deadline =
                new CompletableFuture<Void>().completeOnTimeout(null, timeout.toMillis(), TimeUnit.MILLISECONDS);
        deadline.thenRunAsync(guest::close, makers);
        CompletableFuture<Integer> end = engine.host().exitStatus(vm.container());
        end.thenRunAsync(guest::close, makers);
        try {
            return run.now();
        } catch (VirtainerException e) {
            if (end.isDone() && !end.isCompletedExceptionally()) {
                throw Failure.CONTAINER_ENDED.because(
                        "%s ended while the command ran in it: its container ended with status %d."
                                .formatted(name, end.join()),
                        e);
            }
            if (deadline.isDone()) {
                throw Failure.NOT_READY.because(
                        "The command in %s was hung up on: it took longer than %d s."
                                .formatted(name, timeout.toSeconds()),
                        e);
            }
            throw e;
        } finally {
            deadline.cancel(false);
            end.cancel(false);
        }
    }

    /** Powers a machine off; without a grace time, within the time that it was promised. */
    Machine stop(VmName name, Optional<Duration> grace) throws InterruptedException {
        String cutOff = engine.stop(container(name).id(), grace).orElse("");
        tell(name, "stopped", cutOff);
        return inspect(name);
    }

    /** Boots a machine that is off, and waits until it answers SSH; does nothing to one that runs. */
    Machine start(VmName name, Duration timeout) throws InterruptedException {
        Container container = container(name);
        if (container.isRunning()) {
            return describe(container);
        }
        VmState.Ready ready = engine.start(machine(container), timeout, progress(name));
        if (keys.key(name).isPresent()) {
            keys.saveHostKey(name, ready.ssh().endpoint(), ready.vm().hostKey());
        }
        making(name).ifPresent(making -> {
            making.ssh = ready.ssh().address();
            making.end = Optional.of(tellOfEnd(name, container.id()));
        });
        tell(name, "ready", "SSH answers at " + ready.ssh());
        return Machine.of(
                container(name), Optional.of(MachineState.READY), ready.ssh().address());
    }

    /** Removes a machine with all that it wrote, one that is being made too, or the memory of one that failed. */
    void remove(VmName name) throws InterruptedException {
        Optional<Making> making = making(name);
        if (making.filter(Making::goesOn).isPresent()) {
            making.get().abandon();
            awaitOver(name, making.get());
        }
        Optional<Container> container = engine.inspect(name);
        if (container.isEmpty() && making.isEmpty()) {
            throw noSuch(name);
        }
        making.flatMap(it -> it.end).ifPresent(end -> end.cancel(false));
        if (container.isPresent()) {
            engine.remove(container.get().id());
        }
        keys.forget(name);
        synchronized (made) {
            made.remove(name);
        }
        tell(name, "removed", "");
    }

    private static void awaitOver(VmName name, Making making) throws InterruptedException {
        try {
            making.over.get(ABANDONING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw Failure.ENGINE_TIMEOUT.because(
                    "%s is still being made after %d s, and cannot be removed yet. Try again."
                            .formatted(name, ABANDONING.toSeconds()),
                    e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("it never fails", e);
        }
    }

    private Container container(VmName name) throws InterruptedException {
        return engine.inspect(name).orElseThrow(() -> noSuch(name));
    }

    private Vm running(VmName name) throws InterruptedException {
        Container container = container(name);
        if (!container.isRunning()) {
            throw Failure.CONTAINER_ENDED.because("%s does not run. Start it, or remove it.".formatted(name));
        }
        return machine(container);
    }

    private static Vm machine(Container container) {
        return Vm.of(container)
                .orElseThrow(() -> Failure.NOT_A_VIRTAINER.because(
                        "Container %s holds no virtual machine of this project.".formatted(container.name())));
    }

    private static VirtainerException noSuch(VmName name) {
        return Failure.NO_SUCH_VM.because("There is no machine %s.".formatted(name));
    }

    private void tell(VmName name, String type, String message) {
        events.tell(
                name.value(),
                type,
                Optional.of(message).filter(text -> !text.isEmpty()),
                clock.instant().toString());
    }

    /** Ends what is being made; what is ready stays. */
    @Override
    public void close() {
        makers.shutdownNow();
        synchronized (made) {
            made.values().forEach(making -> making.end.ifPresent(end -> end.cancel(false)));
        }
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
