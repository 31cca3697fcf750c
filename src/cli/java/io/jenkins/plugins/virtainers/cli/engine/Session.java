package io.jenkins.plugins.virtainers.cli.engine;

import io.jenkins.plugins.virtainers.cli.terminal.KeptAnswers;
import io.jenkins.plugins.virtainers.cli.terminal.Screen;
import io.jenkins.plugins.virtainers.cli.terminal.StateDirectory;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.docker.DockerContainerHost;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.engine.EngineSettings;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.KeyGenerator;
import io.jenkins.plugins.virtainers.engine.guest.Reach;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.host.Ownership;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.ssh.ConnectbotDialect;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import io.jenkins.plugins.virtainers.ssh.SshAlgorithms;
import io.jenkins.plugins.virtainers.ssh.SshConnector;
import java.security.Security;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** One run of a command against one container engine: the parts, wired. */
public final class Session implements AutoCloseable {
    /** Not empty: guests are reached through the container engine, whatever else leads to them. */
    private static final String TUNNEL = "VIRTAINERS_TUNNEL";

    private final Surroundings surroundings;
    private final CommonOptions options;
    private final Screen screen;
    private final ContainerHost host;
    private final SshConnector connector = new SshConnector(SshAlgorithms.standard(), new ConnectbotDialect());
    private final KeyGenerator keys = new OpenSshKeys();
    private final VmEngine engine;

    private Session(Surroundings surroundings, CommonOptions options, Screen screen, DockerEndpoint endpoint) {
        this.surroundings = surroundings;
        this.options = options;
        this.screen = screen;
        // What reads the certificates of a TLS engine asks for this provider by name.
        endpoint.tls().ifPresent(tls -> Security.addProvider(new BouncyCastleProvider()));
        this.host = new DockerContainerHost(endpoint);
        this.engine = new VmEngine(
                host,
                connector,
                keys,
                new BuildFromSource(
                        surroundings, endpoint, new EngineChoice(surroundings).variables(options, endpoint), screen),
                new EngineSettings(
                        ChosenCatalogue.of(surroundings),
                        surroundings.variable(TUNNEL).isPresent() ? Reach.TUNNEL : Reach.AUTO,
                        new KeptAnswers(state())),
                Clock.systemUTC());
    }

    /** Connects to the engine that there is; starts one where there is none and that is allowed. */
    public static Session startingEngine(Surroundings surroundings, CommonOptions options) throws InterruptedException {
        Screen screen = options.screen(surroundings);
        return new Session(surroundings, options, screen, new EngineChoice(surroundings).orStart(options, screen));
    }

    /** Connects to the engine that there is. */
    public static Session open(Surroundings surroundings, CommonOptions options) {
        Screen screen = options.screen(surroundings);
        return new Session(surroundings, options, screen, new EngineChoice(surroundings).existing(options));
    }

    public Screen screen() {
        return screen;
    }

    public ContainerHost host() {
        return host;
    }

    public VmEngine engine() {
        return engine;
    }

    public KeyGenerator keys() {
        return keys;
    }

    /** How this user says a command of this program's on the same engine. */
    public List<String> command(String... words) {
        List<String> command = new ArrayList<>();
        command.add(surroundings
                .sourceTree()
                .map(tree -> tree.resolve("virtainer").toString())
                .orElse("virtainer"));
        command.add(words[0]);
        command.addAll(options.sameEngine());
        command.addAll(List.of(words).subList(1, words.length));
        return command;
    }

    public StateDirectory state() {
        return new StateDirectory(surroundings.stateDirectory());
    }

    public Ownership ownership() {
        return Ownership.of(surroundings.owner());
    }

    /** Removes what earlier runs were killed too early to remove. Not being able to is no reason not to go on. */
    public void sweep() throws InterruptedException {
        try {
            List<String> removed = engine.sweep(ownership());
            if (!removed.isEmpty()) {
                screen.say("Removed what an earlier run left behind: " + String.join(", ", removed));
            }
        } catch (VirtainerException e) {
            if (e.failure() == Failure.ENGINE_UNREACHABLE || e.failure() == Failure.ENGINE_CONFIGURATION) {
                throw e;
            }
            screen.warn("Cannot look for what earlier runs left behind: " + e.getMessage());
        }
    }

    /** A machine by its name, by which its keys are found from now on, whatever its name was when they were made. */
    public Container container(VmName name) throws InterruptedException {
        Container container = engine.inspect(name)
                .orElseThrow(
                        () -> Failure.NO_SUCH_VM.because("There is no virtual machine %s on %s. See: virtainer ps --all"
                                .formatted(name, host.address())));
        Vm.of(container).ifPresent(vm -> state().rename(vm.hostKey(), name));
        return container;
    }

    /**
     * An image that the host has.
     *
     * @param matter what the image has to do with it, for the sentence when it is not there: {@code ", which …"}, or empty
     */
    public ContainerImage image(ImageRef image, String matter) throws InterruptedException {
        return host.findImage(image)
                .orElseThrow(() -> Failure.IMAGE_NOT_FOUND.because(
                        "Cannot find image %s on %s%s. Pull or build it.".formatted(image, host.address(), matter)));
    }

    /** A running machine by its name. */
    public Vm running(VmName name) throws InterruptedException {
        Container container = container(name);
        if (!container.isRunning()) {
            throw Failure.CONTAINER_ENDED.because(
                    "Virtual machine %s on %s does not run. Start it: virtainer start %s. Or remove it: virtainer rm %s"
                            .formatted(name, host.address(), name, name));
        }
        return machine(container);
    }

    /** The machine in a container, running or not. */
    public Vm machine(Container container) {
        return Vm.of(container)
                .orElseThrow(() ->
                        Failure.NOT_A_VIRTAINER.because("Container %s on %s holds no virtual machine of this project."
                                .formatted(container.name(), host.address())));
    }

    @Override
    public void close() {
        screen.close();
        connector.close();
        host.close();
    }
}
