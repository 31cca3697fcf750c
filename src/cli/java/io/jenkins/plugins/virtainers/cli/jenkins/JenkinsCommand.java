package io.jenkins.plugins.virtainers.cli.jenkins;

import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.EngineChoice;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A Jenkins to try the plugin in. */
@Command(
        name = "jenkins",
        description = "Start a Jenkins on this machine with the plugin, a cloud on the container engine and a sample"
                + " pipeline, and print its address and login. Ctrl-C ends it and removes all that it made.",
        footer = {
            "",
            "Jenkins and the plugins that it needs are taken from $VIRTAINERS_JENKINS, by default"
                    + " ~/.cache/virtainers/jenkins, and downloaded to there when they are not in it.",
            "",
            "Example:",
            "  virtainer jenkins"
        })
public final class JenkinsCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Where it listens on 127.0.0.1. Default: 8080, or any other that is free.")
    private int port;

    @Option(
            names = "--image",
            paramLabel = "IMAGE",
            description = "What the sample pipeline runs on. Default: ${DEFAULT-VALUE}.")
    private String image = "debian:12";

    public JenkinsCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        ImageRef wanted = ImageRef.parse(image);
        try (Session session = Session.startingEngine(surroundings, common)) {
            DockerEndpoint endpoint = new EngineChoice(surroundings).existing(common);
            if (!endpoint.isLocal()) {
                throw new InvalidSpecException(
                        "The sample wants a container engine on a socket of this machine, not %s. Give one with --host, or add the cloud to a Jenkins of your own."
                                .formatted(endpoint));
            }
            // The plugin makes no images, so what it needs is made before.
            session.engine().ensureImage(wanted, session.screen());
            JenkinsFiles files = new JenkinsFiles(surroundings, session.screen());
            Path war = files.war();
            List<Path> plugins = new ArrayList<>(files.plugins());
            plugins.add(files.own());
            try (SampleJenkins jenkins = new SampleJenkins(surroundings, session.screen(), endpoint, wanted)) {
                try {
                    jenkins.start(war, plugins, port);
                    session.screen().done();
                    surroundings
                            .output()
                            .printf("%s%nuser: admin%npassword: %s%n", jenkins.address(), jenkins.password());
                    session.screen().say("Build the job \"sample\" there. Ctrl-C here ends all of it.");
                    jenkins.awaitEnd();
                    return 0;
                } finally {
                    removeMachines(session, jenkins);
                }
            }
        }
    }

    /** A controller that ends leaves its machines for its return; this one does not return. */
    private static void removeMachines(Session session, SampleJenkins jenkins) throws InterruptedException {
        boolean interrupted = Thread.interrupted();
        try {
            jenkins.end();
            Optional<Ownership> ownership = jenkins.ownership();
            if (ownership.isPresent()) {
                for (Container machine : session.engine().list(ownership.get())) {
                    session.engine().discard(machine.id());
                }
            }
        } catch (VirtainerException e) {
            session.screen().warn("Cannot remove the machines that Jenkins left: " + e.getMessage());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
