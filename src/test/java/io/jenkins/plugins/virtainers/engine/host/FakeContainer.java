package io.jenkins.plugins.virtainers.engine.host;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.spec.Endpoint;
import io.jenkins.plugins.virtainers.engine.spec.Port;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One container of a fake host, which does what its variable {@code LIE} says. */
public final class FakeContainer {
    private final FakeContainers host;
    private final ContainerId id;
    private final ContainerRequest request;
    private final Map<String, String> labels;
    private final Optional<Volumes.Mount> lent;
    private final Instant created;
    private final Map<String, ContainerFile> files = new LinkedHashMap<>();
    private final Map<String, Instant> modified = new HashMap<>();
    private CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final FakeLog log = new FakeLog();
    private boolean started;
    private Optional<Instant> ended = Optional.empty();

    FakeContainer(
            FakeContainers host,
            ContainerId id,
            ContainerRequest request,
            Map<String, String> labels,
            Optional<Volumes.Mount> lent) {
        this.host = host;
        this.id = id;
        this.request = request;
        this.labels = labels;
        this.lent = lent;
        this.created = host.time();
    }

    public ContainerId id() {
        return id;
    }

    public ContainerRequest request() {
        return request;
    }

    /** The folder that it lends or borrows. */
    Optional<Volumes.Mount> lent() {
        return lent;
    }

    private List<Volumes.Mount> mounts() {
        return Stream.concat(request.volumes().stream(), lent.stream()).toList();
    }

    /** What was put into it, and what its volumes hold. */
    public synchronized Map<String, ContainerFile> files() {
        Map<String, ContainerFile> all = new LinkedHashMap<>(host.volumes().seenAt(mounts()));
        all.putAll(files);
        return all;
    }

    public synchronized Optional<Instant> modified(String path) {
        return Optional.ofNullable(modified.get(path));
    }

    public synchronized boolean wasStarted() {
        return started;
    }

    /** The runtime says something. */
    public void says(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        log.write(listener -> listener.stderr(bytes));
    }

    /** The guest writes to its console. */
    public void prints(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        log.write(listener -> listener.stdout(bytes));
    }

    /** The container ends. */
    public void end(int status) {
        synchronized (this) {
            if (!exit.complete(status)) {
                return;
            }
            ended = Optional.of(host.time());
        }
        log.end();
        if (request.removedWhenEnded()) {
            host.forget(id);
        }
    }

    /** The host goes away. */
    void lose() {
        VirtainerException lost = Failure.ENGINE_UNREACHABLE.because("The engine broke off.");
        exitNow().completeExceptionally(lost);
        log.lose(lost);
    }

    FakeLog log() {
        return log;
    }

    /** Completes with the exit status. Cancelling it cancels nobody else's. */
    CompletableFuture<Integer> exit() {
        return exitNow().copy();
    }

    private synchronized CompletableFuture<Integer> exitNow() {
        return exit;
    }

    synchronized void put(ContainerFile file) {
        if (!host.volumes().take(mounts(), file)) {
            files.put(file.path(), file);
        }
    }

    synchronized void delete(String path) {
        files.remove(path);
    }

    synchronized void touch(String path) {
        modified.put(path, host.time());
    }

    void start() {
        synchronized (this) {
            started = true;
            if (exit.isDone()) {
                exit = new CompletableFuture<>();
                ended = Optional.empty();
                log.goOn();
            }
        }
        List<String> lie = List.of(request.env().getOrDefault("LIE", "idle").split(" ", -1));
        says("virtainers: +0.001s start: a lie");
        Optional<Consumer<FakeContainer>> end = host.takeNextEnd();
        if (end.isPresent()) {
            end.get().accept(this);
            return;
        }
        Optional<String> probed = host.probe(request);
        if (probed.isPresent()) {
            prints(probed.get());
            end(0);
            return;
        }
        if (request.rights() == ContainerRequest.Rights.FOLDERS
                || request.command().equals(List.of("fetch"))) {
            end(0);
            return;
        }
        switch (lie.get(0)) {
            case "ready" -> says("virtainers: +0.500s ready: SSH answers on port 22");
            case "fail" -> {
                says("virtainers: +0.500s failed: %s: %s"
                        .formatted(lie.get(2), String.join(" ", lie.subList(3, lie.size()))));
                end(Integer.parseInt(lie.get(1)));
            }
            case "panic" -> {
                prints("\u001b[31mKernel panic\u001b[0m - not syncing");
                says("virtainers: +0.500s failed: guest-failed: the guest's kernel panicked");
                end(71);
            }
            case "vanish" -> end(Integer.parseInt(lie.get(1)));
            case "files" -> {
                files().values()
                        .forEach(file -> prints("1000 %o %s %s"
                                .formatted(
                                        file.mode(),
                                        file.path(),
                                        new String(file.content().bytes(), StandardCharsets.UTF_8).strip())));
                end(0);
            }
            case "names" -> {
                prints(request.hostname());
                request.naming().searches().forEach(domain -> prints("search " + domain));
                request.naming().hosts().forEach(other -> prints(other.address() + " " + other.name()));
                end(0);
            }
            default -> {
                // idle and deaf say no more.
            }
        }
    }

    void stop() {
        end(request.env().getOrDefault("LIE", "").equals("deaf") ? 137 : 0);
    }

    public synchronized Container describe() {
        Container.Phase phase =
                exit.isDone() ? Container.Phase.ENDED : started ? Container.Phase.RUNNING : Container.Phase.CREATED;
        boolean known = exit.isDone() && !exit.isCompletedExceptionally();
        Map<Port, Endpoint> published = new HashMap<>();
        if (phase == Container.Phase.RUNNING) {
            request.published()
                    .forEach(port -> published.put(
                            port.guest(),
                            new Endpoint(
                                    port.address().orElse("127.0.0.1"),
                                    port.host()
                                            .orElseGet(() -> new Port(
                                                    40000 + port.guest().number() % 10000)))));
        }
        return new Container(
                id,
                request.name().value(),
                request.image(),
                labels,
                phase,
                known ? OptionalInt.of(exit.join()) : OptionalInt.empty(),
                created,
                ended,
                phase == Container.Phase.RUNNING ? FakeNetworks.addressesOn(request.networks()) : List.of(),
                published);
    }
}
