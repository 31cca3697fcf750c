package io.jenkins.plugins.virtainers;

import static io.jenkins.plugins.virtainers.TemplateChanges.hardware;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.virtainers.docker.DockerContainerHost;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.docker.DockerEndpoints;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.fleet.Installation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.Assumptions;

/** The container engine of this machine and the image that tests boot. A test that finds none is skipped, loudly. */
final class RealGuests {
    static final String IMAGE = "debian:12";

    private RealGuests() {}

    /** The engine's address. */
    static String uri() throws InterruptedException {
        return uri(IMAGE);
    }

    /** The address of an engine that has an image. */
    static String uri(String image) throws InterruptedException {
        Optional<DockerEndpoint> endpoint = new DockerEndpoints(System.getenv()).find();
        if (endpoint.isEmpty()) {
            throw skip("NO CONTAINER ENGINE ANSWERS: THE JENKINS TESTS WITH REAL GUESTS WERE SKIPPED");
        }
        try (ContainerHost host = new DockerContainerHost(endpoint.get())) {
            if (host.findImage(ImageRef.parse(image)).isEmpty()) {
                throw skip("NO IMAGE " + image + " ON " + host.address()
                        + ": THE JENKINS TESTS WITH REAL GUESTS WERE SKIPPED. BUILD IT WITH images/build");
            }
        }
        return endpoint.get().toString();
    }

    private static RuntimeException skip(String loudly) {
        System.err.println("*** " + loudly + " ***");
        Assumptions.abort(loudly);
        return new IllegalStateException("aborted");
    }

    /** A cloud on that engine with one emulated machine, which behaves the same everywhere. */
    static VirtainerCloud cloud(String uri) {
        VirtainerTemplate template = new VirtainerTemplate(IMAGE);
        template.setLabels("vm");
        template.setCpus(2);
        template.setMemory("1G");
        hardware(template, hardware -> hardware.setAcceleration("tcg"));
        VirtainerCloud cloud = new VirtainerCloud("real");
        cloud.setHosts(List.of(new VirtainerHost(uri)));
        cloud.setTemplates(List.of(template));
        return cloud;
    }

    /** Whether a memory template is being made. */
    private static boolean isMakingTemplate(String uri) throws InterruptedException {
        try (ContainerHost host = new DockerContainerHost(DockerEndpoint.parse(uri, Optional.empty()))) {
            return host.list(Map.of()).stream()
                    .anyMatch(container -> container.name().startsWith("virtainer-template-"));
        }
    }

    /** Waits until the running Jenkins has no nodes, and no machines on this engine. */
    static void awaitNothingLeft(String uri, Duration atMost) {
        await("nothing left")
                .atMost(atMost)
                .until(() -> Jenkins.get().getNodes().isEmpty()
                        && machines(uri, Installation.owner()).isEmpty());
    }

    /** Waits until the memory template that a first guest had made is there. */
    static void awaitTemplate(String uri, Duration atMost) {
        await("the template").atMost(atMost).until(() -> !isMakingTemplate(uri));
    }

    /** Machines of an owner that are there, running or not. */
    static List<String> machines(String uri, String owner) throws InterruptedException {
        try (ContainerHost host = new DockerContainerHost(DockerEndpoint.parse(uri, Optional.empty()))) {
            return host.list(Map.of(Labels.OWNER, owner)).stream()
                    .map(Container::name)
                    .toList();
        }
    }
}
