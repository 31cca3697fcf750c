package io.jenkins.plugins.virtainers.engine.host;

import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.Naming;
import io.jenkins.plugins.virtainers.engine.spec.NetworkJoin;
import io.jenkins.plugins.virtainers.engine.spec.PublishedPort;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Containers of one test, of an image whose entrypoint lies as its variable {@code LIE} says. */
public final class Liars {
    private static final long SECONDS = 60;

    private final ContainerHost host;
    private final ImageRef image;
    private final String test = VmName.random().value();
    private final List<ContainerId> made = new ArrayList<>();

    Liars(ContainerHost host, ImageRef image) {
        this.host = host;
        this.image = image;
    }

    /** Creates a container that is removed after the test. */
    public ContainerId create(String lie, String kind) throws InterruptedException {
        return created(request(lie, kind, VmName.random()));
    }

    private ContainerId created(ContainerRequest request) throws InterruptedException {
        ContainerId container = host.create(request);
        keep(container);
        return container;
    }

    private ContainerRequest.Builder of(ImageRef any) throws InterruptedException {
        return ContainerRequest.of(host.findImage(any).orElseThrow().id(), VmName.random())
                .labels(Map.of("test", test));
    }

    private ContainerRequest.Builder lying(String lie) throws InterruptedException {
        return of(image).env(Map.of("LIE", lie));
    }

    /** Has a container removed after the test. */
    void keep(ContainerId container) {
        made.add(container);
    }

    /** Whose they are: a label, and a name that nothing else has. */
    String test() {
        return test;
    }

    ContainerRequest request(String lie, String kind, VmName name) throws InterruptedException {
        return ContainerRequest.of(host.findImage(image).orElseThrow().id(), name)
                .env(Map.of("LIE", lie))
                .labels(Map.of("test", test, "kind", kind))
                .published(List.of(PublishedPort.SSH))
                .build();
    }

    /** Creates a container that does not end when it is asked to, and has all the time for it. */
    ContainerId createDeaf() throws InterruptedException {
        return created(lying("deaf").stopTimeout(Duration.ofMinutes(10)).build());
    }

    ContainerRequest joining(NetworkJoin... joins) throws InterruptedException {
        return lying("idle").networks(List.of(joins)).build();
    }

    /** Creates a container that publishes ports, and is removed after the test. */
    ContainerId publishing(PublishedPort... ports) throws InterruptedException {
        return created(lying("idle").published(List.of(ports)).build());
    }

    /** A container that says what it is called, and which names it knows. */
    ContainerRequest named(Naming naming) throws InterruptedException {
        return lying("names").naming(naming).build();
    }

    /** Creates a container that may take so much and no more, and is removed after the test. */
    public ContainerId limited(ContainerRequest.Limits limits) throws InterruptedException {
        return created(lying("idle").limits(Optional.of(limits)).build());
    }

    /** Creates a container with a volume, that is removed after the test. */
    ContainerId seeing(Volumes.Mount volume) throws InterruptedException {
        return created(lying("idle").volumes(List.of(volume)).build());
    }

    /** Creates a container that lends a folder of an image, and is removed after the test. */
    ContainerId lending(ImageRef lent, String folder) throws InterruptedException {
        return created(of(lent).lends(folder).build());
    }

    /** Creates a container that borrows that folder, and is removed after the test. */
    ContainerId borrowing(ContainerId lender) throws InterruptedException {
        return created(lying("idle").borrows(Optional.of(lender)).build());
    }

    Container inspect(ContainerId container) throws InterruptedException {
        return host.inspect(container.value()).orElseThrow();
    }

    /** Process 1 hears no signal before it has said what to do with it. */
    void awaitItsFirstWords(ContainerId container) {
        await().atMost(Duration.ofSeconds(SECONDS)).until(() -> {
            Transcript transcript = new Transcript();
            host.readLogs(container, OptionalInt.empty(), transcript);
            return transcript.err().contains("start: a lie");
        });
    }

    void removeAll() throws InterruptedException {
        for (ContainerId container : made) {
            host.remove(container);
        }
    }
}
