package io.jenkins.plugins.virtainers.cli.machine;

import io.jenkins.plugins.virtainers.cli.engine.CommonOptions;
import io.jenkins.plugins.virtainers.cli.engine.EngineChoice;
import io.jenkins.plugins.virtainers.cli.engine.Session;
import io.jenkins.plugins.virtainers.cli.options.BootedImage;
import io.jenkins.plugins.virtainers.cli.options.VmOptions;
import io.jenkins.plugins.virtainers.cli.terminal.Json;
import io.jenkins.plugins.virtainers.cli.terminal.Surroundings;
import io.jenkins.plugins.virtainers.cli.terminal.TimeSpan;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.docker.DockerRunLine;
import io.jenkins.plugins.virtainers.engine.ContainerPlan;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.guest.GuestScreen;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.guest.VmState;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerNetwork;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import io.jenkins.plugins.virtainers.engine.io.ShellWords;
import io.jenkins.plugins.virtainers.engine.network.Networks;
import io.jenkins.plugins.virtainers.engine.spec.Subnet;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import io.jenkins.plugins.virtainers.engine.spec.VncPassword;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A machine to keep. */
@Command(
        name = "run",
        description = "Boot a virtual machine and keep it; print its name, its address and the SSH command.",
        footer = {
            "",
            "Examples:",
            "  virtainer run --name web --memory 2G -p 80 debian:12",
            "  virtainer run --image Fedora-Cloud-Base.qcow2 --user fedora"
        })
public final class RunCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private CommonOptions common;

    @Mixin
    private VmOptions machine;

    @Option(
            names = "--ephemeral",
            description = "Keep nothing of the disk: the machine may be cut off at any time, and stops at once.")
    private boolean ephemeral;

    @Option(
            names = "--lease",
            paramLabel = "TIME",
            description = "End the machine when /run/virtainers/lease in its container was not touched for so long.")
    private Optional<String> lease = Optional.empty();

    @Option(names = "--vnc", description = "Give it a graphical screen; print where browsers see it, and the password.")
    private boolean vnc;

    @Option(
            names = "--vnc-password",
            paramLabel = "TEXT",
            description = "Password of the screen, at most 8 characters. Default: a new one.")
    private Optional<String> vncPassword = Optional.empty();

    @Option(
            names = "--dry-run",
            description = "Do nothing but print the plain docker run line that makes the same container.")
    private boolean dryRun;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    private BootedImage booted;

    @Parameters(index = "0", arity = "0..1", paramLabel = "IMAGE", description = "What to boot, such as debian:12.")
    private Optional<String> image = Optional.empty();

    public RunCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        VmSpec.Builder asked = spec();
        asked.build();
        if (dryRun) {
            // There is no container to put a file into.
            vncPassword.ifPresent(password -> asked.env("VNC_PASSWORD", password));
            printDockerRun(asked.build());
            return 0;
        }
        try (Session session = Session.startingEngine(surroundings, common)) {
            session.sweep();
            SshKeyPair key = session.keys().ed25519("virtainer-run");
            VmSpec spec = asked.authorizedKey(key.publicLine()).build();
            VmState.Ready ready = boot(session, spec, key);
            Container container = session.container(ready.vm().name());
            session.screen().done();
            print(session, ready, container, spec.vnc());
            return 0;
        }
    }

    /** What was asked for, but for the key that this command makes. */
    public VmSpec.Builder spec() {
        VmSpec.Builder asked = booted.toSpec(machine, image);
        lease.map(TimeSpan::parse).ifPresent(asked::lease);
        if (vnc || vncPassword.isPresent()) {
            asked.vnc(vncPassword.map(VncPassword::new).orElseGet(VncPassword::random));
        }
        return ephemeral ? asked.ephemeral() : asked;
    }

    private void printDockerRun(VmSpec spec) throws InterruptedException {
        if (spec.joins().size() > 1) {
            throw new InvalidSpecException("One docker run line joins one network: take one --join away, and join the"
                    + " container to the other with docker network connect.");
        }
        DockerEndpoint endpoint = new EngineChoice(surroundings).existing(common);
        try (Session session = Session.open(surroundings, common)) {
            HostInfo info = session.host().info();
            String program = info.product().toLowerCase(Locale.ROOT);
            Optional<Subnet> subnet = session.engine().networks().toMake(spec);
            List<ContainerNetwork> joined = session.engine().networks().joined(spec);
            ContainerRequest request =
                    new ContainerPlan(session.host()).of(spec, spec.image().reference(), info, joined);
            List<String> words = DockerRunLine.of(request, files(), endpoint, program);
            session.screen().done();
            subnet.ifPresent(value -> surroundings
                    .output()
                    .println("%s network create --subnet %s %s".formatted(program, value, Networks.OWN)));
            surroundings.output().println(ShellWords.join(words));
        }
    }

    private Map<String, Path> files() {
        Map<String, Path> files = new LinkedHashMap<>(machine.files());
        files.putAll(booted.files());
        return files;
    }

    private static VmState.Ready boot(Session session, VmSpec spec, SshKeyPair key) throws InterruptedException {
        VmState.Booting booting = session.engine().create(spec, session.ownership(), session.screen());
        boolean kept = false;
        try {
            session.state().saveKey(spec.name(), key);
            VmState.Ready ready = session.engine().awaitReady(booting, spec.bootTimeout(), session.screen());
            session.state()
                    .saveHostKey(spec.name(), ready.ssh().endpoint(), ready.vm().hostKey());
            kept = true;
            return ready;
        } finally {
            if (!kept) {
                session.engine().discard(booting.vm().container());
                session.state().forget(spec.name());
            }
        }
    }

    private void print(Session session, VmState.Ready ready, Container container, Optional<VncPassword> password) {
        Vm vm = ready.vm();
        // Where no address leads to its SSH server, none does to its screen.
        Optional<String> seenAt = Optional.ofNullable(container.published().get(GuestScreen.BROWSER))
                .filter(published ->
                        password.isPresent() && ready.ssh().address().isPresent())
                .map("http://%s/"::formatted);
        List<String> command = Logins.command(session, ready);
        if (json) {
            Map<String, Object> values = new LinkedHashMap<>();
            values.put("name", vm.name().value());
            values.put("container", vm.container().value());
            values.put("image", vm.image());
            values.put("user", vm.user());
            ready.ssh().address().ifPresent(address -> {
                values.put("host", address.host());
                values.put("port", address.port().number());
            });
            values.put("tunnel", ready.ssh().address().isEmpty());
            values.put("hostKey", vm.hostKey().toString());
            values.put("ssh", command);
            values.put("ports", Published.values(container));
            seenAt.ifPresent(address -> values.put("screen", address));
            password.ifPresent(value -> values.put("screenPassword", value.value()));
            Json.print(surroundings.output(), values);
            return;
        }
        Logins.print(surroundings, session, ready);
        Published.lines(container).forEach(line -> surroundings.output().println("port     " + line));
        password.ifPresent(any -> surroundings
                .output()
                .println("screen   "
                        + seenAt.orElseGet(() -> ShellWords.join(
                                session.command("screen", vm.name().value())))));
        password.ifPresent(value -> surroundings.output().println("password " + value.value()));
    }
}
