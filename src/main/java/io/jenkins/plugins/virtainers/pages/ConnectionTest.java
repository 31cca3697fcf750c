package io.jenkins.plugins.virtainers.pages;

import hudson.util.FormValidation;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.VirtainerHost;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.engine.Probe;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.MemorySize;
import io.jenkins.plugins.virtainers.fleet.Engines;
import io.jenkins.plugins.virtainers.fleet.HostOffer;
import io.jenkins.plugins.virtainers.fleet.Installation;
import io.jenkins.plugins.virtainers.fleet.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** Looks at a container host before anybody relies on it, and says what it finds and what will hurt. */
final class ConnectionTest {
    private static final Logger LOGGER = Logger.getLogger(ConnectionTest.class.getName());

    /** A guest of the usual size, and what is around it. */
    private static final MemorySize SMALL = MemorySize.parse("3G");

    private final VirtainerHost host;
    private final List<String> facts = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    ConnectionTest(VirtainerHost host) {
        this.host = host;
    }

    /** The answer for the form: fine, fine but, or not. Never markup. */
    FormValidation run() {
        try {
            DockerEndpoint endpoint = host.endpoint();
            VmEngine engine = Engines.get().of(host);
            HostInfo info = Engines.get().ask(host);
            facts.add("%s on %s (%s, %d CPUs, %s of memory)"
                    .formatted(info, info.operatingSystem(), info.architecture(), info.cpus(), info.memory()));
            List<ContainerImage> images = engine.host().images(Labels.USER);
            examineAcceleration(engine);
            examineImages(engine, images);
            examineRoom(info);
            examineTls(endpoint);
        } catch (VirtainerException e) {
            LOGGER.log(Level.FINE, "Testing " + host.getUri(), e);
            return FormValidation.error(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FormValidation.error("The test was interrupted.");
        }
        String said = String.join(". ", facts) + ".";
        return warnings.isEmpty()
                ? FormValidation.ok(said)
                : FormValidation.warning(said + " But: " + String.join(" ", warnings));
    }

    private void examineAcceleration(VmEngine engine) throws InterruptedException {
        Optional<ContainerImage> runtime = engine.runtimeImage();
        if (runtime.isEmpty()) {
            facts.add("Whether KVM works is not known before the first image is there");
            return;
        }
        Probe.Answer answer = new Probe(engine, Ownership.of(Installation.owner())).ask(runtime.get());
        facts.add(answer.toString());
        if (!answer.kvm()) {
            warnings.add("Guests boot in most of a minute and run slowly. Enable virtualization on the host.");
        }
    }

    private void examineImages(VmEngine engine, List<ContainerImage> images) throws InterruptedException {
        facts.add(
                images.isEmpty()
                        ? "No image of a virtual machine is there yet"
                        : "Images here: "
                                + images.stream()
                                        .flatMap(image -> image.tags().stream())
                                        .sorted()
                                        .collect(Collectors.joining(", ")));
        List<String> missing = new ArrayList<>();
        for (String image : wantedImages()) {
            if (engine.host().findImage(ImageRef.parse(image)).isEmpty()) {
                missing.add(image);
            }
        }
        if (!missing.isEmpty()) {
            warnings.add("Not here, so pulled with the first agent: %s.".formatted(String.join(", ", missing)));
        }
    }

    /** The images of all saved templates that may come to this host. */
    private List<String> wantedImages() {
        return VirtainerCloud.clouds().stream()
                .filter(cloud -> cloud.host(host.getUri()).isPresent())
                .flatMap(cloud -> cloud.offers().stream())
                .map(VirtainerTemplate::getImage)
                .distinct()
                .toList();
    }

    private void examineRoom(HostInfo info) {
        HostOffer offer = HostOffer.of(host, Optional.of(info));
        Ledger.Use use = Ledger.get().use(offer);
        long freeMegabytes = offer.memory().map(MemorySize::megabytes).orElse(0L) - use.megabytes();
        facts.add("%s free for guests, %d agent%s at present"
                .formatted(
                        freeMegabytes > 0 ? MemorySize.ofMegabytes(freeMegabytes) : "no memory",
                        use.agents(),
                        use.agents() == 1 ? "" : "s"));
        if (info.memory().compareTo(SMALL) < 0) {
            warnings.add("This host hardly has memory for one guest of the usual size.");
        }
        if (offer.memory().isPresent() && offer.memory().get().compareTo(info.memory()) > 0) {
            warnings.add("More memory is promised to guests than the host has.");
        }
    }

    private void examineTls(DockerEndpoint endpoint) {
        if (endpoint.isOpenToAnybody()) {
            warnings.add("The connection is not encrypted, and anybody may use it: choose a TLS credential.");
        }
    }
}
