package io.jenkins.plugins.virtainers.agent;

import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.model.Computer;
import hudson.model.Slave;
import hudson.model.TaskListener;
import hudson.remoting.Channel;
import hudson.remoting.FastPipedInputStream;
import hudson.remoting.FastPipedOutputStream;
import io.jenkins.plugins.virtainers.TemplateBoot;
import io.jenkins.plugins.virtainers.VirtainerHost;
import io.jenkins.plugins.virtainers.VirtainerTemplate;
import io.jenkins.plugins.virtainers.credentials.CredentialsInUse;
import io.jenkins.plugins.virtainers.credentials.LoginCredentials;
import io.jenkins.plugins.virtainers.credentials.RegistryCredentials;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.agent.AgentJava;
import io.jenkins.plugins.virtainers.engine.agent.AgentProgram;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.GuestConnection;
import io.jenkins.plugins.virtainers.engine.guest.LoginSecret;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.guest.VmState;
import io.jenkins.plugins.virtainers.engine.host.RegistryLogins;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.io.ExecStreams;
import io.jenkins.plugins.virtainers.engine.io.GuestExit;
import io.jenkins.plugins.virtainers.engine.io.ShellWords;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import io.jenkins.plugins.virtainers.fleet.Engines;
import io.jenkins.plugins.virtainers.fleet.Mishaps;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import jenkins.util.Timer;

/** One launch of one agent. */
final class Launch {
    private static final Logger LOGGER = Logger.getLogger(Launch.class.getName());

    private static final Duration LOGIN = Duration.ofMinutes(2);
    /** A large file over a guest's emulated network, and a JVM under emulation, with room to spare. */
    private static final Duration STEP = Duration.ofMinutes(5);
    /** Between the end of the agent's output and the news of why. */
    private static final Duration NEWS = Duration.ofSeconds(5);

    private static final int NOT_FOUND = 127;
    private final VirtainerAgent agent;
    private final VirtainerComputer computer;
    private final TaskListener listener;
    private final BootReport report;
    private final VirtainerHost host;
    private final Optional<LoginCredentials.Login> credential;

    Launch(VirtainerAgent agent, VirtainerComputer computer, TaskListener listener, BootReport report)
            throws AbortException {
        this.agent = agent;
        this.computer = computer;
        this.listener = listener;
        this.report = report;
        this.host = agent.host();
        this.credential = agent.credentialsId().isPresent()
                ? Optional.of(LoginCredentials.find(agent.credentialsId().get()))
                : Optional.empty();
    }

    void run() throws IOException, InterruptedException {
        VmEngine engine = Engines.get().of(host);
        VmState.Ready ready = boot(engine);
        GuestConnection guest = logIn(engine, ready);
        boolean started = false;
        try {
            if (!agent.wasEverOnline()) {
                runInitScript(guest);
            }
            startAgent(engine, ready.vm(), guest);
            started = true;
        } finally {
            if (!started) {
                guest.close();
            }
        }
        report.done();
        agent.online(report.steps());
        tellOfCredentials();
    }

    private void tellOfCredentials() {
        Optional<TemplateBoot> boot = agent.template().map(VirtainerTemplate::boot);
        CredentialsInUse.by(
                agent,
                Stream.of(
                                agent.credentialsId(),
                                Optional.ofNullable(host.getCredentialsId()),
                                boot.map(TemplateBoot::getSeedCredentialsId),
                                boot.map(TemplateBoot::getRegistryCredentialsId))
                        .flatMap(Optional::stream));
    }

    private VmState.Ready boot(VmEngine engine) throws IOException, InterruptedException {
        Optional<VmState.Booting> found = agent.container().isPresent() || agent.wasEverOnline()
                ? engine.find(agent.ownership())
                : findLeftover(engine);
        if (found.isEmpty() && agent.wasEverOnline()) {
            throw Failure.NO_SUCH_VM.because("The machine of %s is gone from %s, and the builds on it with it."
                    .formatted(agent.getNodeName(), host.getUri()));
        }
        VmState.Booting booting = found.isPresent() ? found.get() : create(engine);
        agent.created(booting.vm().container().value());
        return engine.awaitReady(booting, agent.bootTimeout(), report);
    }

    /** A controller that was killed while it created one does not know of it; only a node of before can have one. */
    private Optional<VmState.Booting> findLeftover(VmEngine engine) throws InterruptedException {
        return agent.wasLoaded() ? engine.find(agent.ownership()) : Optional.empty();
    }

    private VmState.Booting create(VmEngine engine) throws IOException, InterruptedException {
        VirtainerTemplate template = template();
        List<String> keys = secret() instanceof SshKeyPair key ? List.of(key.publicLine()) : List.of();
        VmSpec.Builder spec = template.spec(new VmName(agent.getNodeName()), keys);
        if (!template.boot().makesUsers()) {
            credential.flatMap(LoginCredentials.Login::userData).ifPresent(spec::userData);
        }
        if (template.agentMayWait()) {
            spec.agent(program());
        }
        return engine.create(spec.build(), agent.ownership(), logins(template), report);
    }

    /** Its own template's, and of no other, which may be somebody else's. */
    private static RegistryLogins logins(VirtainerTemplate template) {
        return image -> Optional.ofNullable(template.boot().getRegistryCredentialsId())
                .map(id -> RegistryCredentials.find(id, image.toString()));
    }

    /** What is to wait in the memory template, in the place of what {@link #command} starts. */
    private AgentProgram program() throws IOException {
        return AgentProgram.ofJenkins(
                ContainerFile.Content.of(remotingJar()), AgentClasses.get(), java(), jvmOptions(), agent.getRemoteFS());
    }

    private AgentJava java() {
        return new AgentJava(agent.javaPath(), AgentJava.neededBy(Jenkins.class));
    }

    private static byte[] remotingJar() throws IOException {
        return new Slave.JnlpJar("agent.jar").readFully();
    }

    private String jvmOptions() {
        return agent.jvmOptions().orElse(AgentProgram.USUAL_OPTIONS);
    }

    private VirtainerTemplate template() throws AbortException {
        return agent.template()
                .orElseThrow(() -> new AbortException("Template %s of this agent is no longer in cloud %s."
                        .formatted(agent.getTemplateName(), agent.getCloudName())));
    }

    private LoginSecret secret() throws AbortException {
        return credential
                .map(LoginCredentials.Login::secret)
                .or(agent::oneTimeKey)
                .orElseThrow(() -> new AbortException("This agent has no key to log in with."));
    }

    private GuestConnection logIn(VmEngine engine, VmState.Ready ready) throws AbortException, InterruptedException {
        VmState.Ready as = new VmState.Ready(as(ready.vm()), ready.ssh());
        report.step("Logging in to %s as %s, whose host key is %s"
                .formatted(ready.ssh(), as.vm().user(), as.vm().hostKey().fingerprint()));
        return engine.connect(as, secret(), LOGIN);
    }

    /** User data, or a seed, makes the user that a credential names; without, the key is the image's user's. */
    private Vm as(Vm vm) {
        boolean made = credential.flatMap(LoginCredentials.Login::userData).isPresent()
                || agent.template()
                        .filter(template -> template.boot().makesUsers())
                        .isPresent();
        if (credential.isEmpty() || !made || credential.get().user().isBlank()) {
            return vm;
        }
        return new Vm(
                vm.container(), vm.name(), vm.image(), credential.get().user(), vm.hostKey(), vm.lease(), vm.created());
    }

    /** A credential whose password it sets has cloud-init's attention for itself. */
    private boolean cloudInitRunsScript() throws IOException {
        return template().scriptOfTemplate().isPresent()
                && credential.flatMap(LoginCredentials.Login::userData).isEmpty();
    }

    private void runInitScript(GuestConnection guest) throws IOException, InterruptedException {
        Optional<String> script = template().agent().script();
        if (script.isEmpty() || cloudInitRunsScript()) {
            return;
        }
        report.step("Running the init script");
        put(guest, script.get().getBytes(StandardCharsets.UTF_8), "init");
        String file = agent.getRemoteFS() + "/init";
        String run = script.get().startsWith("#!") ? ShellWords.quote(file) : "sh -e " + ShellWords.quote(file);
        int status = inShell(
                guest, "chmod 700 " + ShellWords.quote(file) + " && exec " + run, InputStream.nullInputStream());
        if (status != 0) {
            throw new AbortException("The init script of template %s ended with status %d. What it said stands above."
                    .formatted(agent.getTemplateName(), status));
        }
    }

    /**
     * Puts a file into the work directory, in the place of one that may be in use. The work directory may be one that
     * several machines share, so each writes a file of its own first.
     */
    private void put(GuestConnection guest, byte[] content, String name) throws IOException, InterruptedException {
        String directory = ShellWords.quote(agent.getRemoteFS());
        String file = ShellWords.quote(agent.getRemoteFS() + "/" + name);
        String part = ShellWords.quote(agent.getRemoteFS() + "/" + name + "." + agent.getNodeName() + ".part");
        int status = inShell(
                guest,
                "mkdir -p %s && cat > %s && mv -f %s %s".formatted(directory, part, part, file),
                new ByteArrayInputStream(content));
        if (status != 0) {
            throw new AbortException(
                    "Cannot write %s in the guest. Choose a remote root directory that its user may write to."
                            .formatted(agent.getRemoteFS() + "/" + name));
        }
    }

    private int inShell(GuestConnection guest, String script, InputStream input)
            throws IOException, InterruptedException {
        Future<?> deadline = Timer.get().schedule(guest::close, STEP.toSeconds(), TimeUnit.SECONDS);
        try (OutputStream log = report.output()) {
            return guest.run("sh -c " + ShellWords.quote(script), ExecStreams.of(input, log, log))
                    .shellStatus();
        } finally {
            deadline.cancel(false);
        }
    }

    private void startAgent(VmEngine engine, Vm vm, GuestConnection guest) throws IOException, InterruptedException {
        if (report.agentWaits()) {
            report.step("Joining the agent that waits in the guest");
            if (run(AgentProgram.JOIN, true, engine, vm, guest)) {
                return;
            }
            report.say("None waits there any more.");
        }
        report.step("Copying the agent's program");
        put(guest, remotingJar(), "remoting.jar");
        String java = new GuestJava(vm, guest, engine.host(), report).find(java(), agent.getRemoteFS(), STEP);
        report.step("Starting the agent");
        run(command(java), false, engine, vm, guest);
    }

    /**
     * Runs an agent's program, and has it online.
     *
     * @param mayBeAbsent whether a program that ends without a word is no failure
     * @return whether there was one
     */
    @SuppressFBWarnings(value = "OS_OPEN_STREAM", justification = "the thread that runs the program closes both ends")
    private boolean run(String command, boolean mayBeAbsent, VmEngine engine, Vm vm, GuestConnection guest)
            throws IOException, InterruptedException {
        FastPipedInputStream toGuest = new FastPipedInputStream();
        FastPipedOutputStream fromController = new FastPipedOutputStream(toGuest);
        FastPipedInputStream toController = new FastPipedInputStream();
        FastPipedOutputStream fromGuest = new FastPipedOutputStream(toController);
        AgentErrors errors = new AgentErrors(report.output());
        Future<GuestExit> program = Computer.threadPoolForRemoting.submit(() -> {
            try (fromController;
                    fromGuest;
                    errors) {
                return guest.run(command, ExecStreams.of(toGuest, fromGuest, errors));
            }
        });
        PushbackInputStream words = new PushbackInputStream(toController);
        CompletableFuture<Integer> containerEnd = engine.host().exitStatus(vm.container());
        Future<?> deadline = Timer.get().schedule(guest::close, STEP.toSeconds(), TimeUnit.SECONDS);
        boolean online = false;
        try {
            if (mayBeAbsent && isSilent(words)) {
                return false;
            }
            computer.connecting(mayBeAbsent);
            computer.setChannel(words, fromController, listener, new Channel.Listener() {
                @Override
                public void onClosed(Channel channel, IOException cause) {
                    containerEnd.cancel(true);
                    guest.close();
                }
            });
            // It returns as it does otherwise where it refuses the agent's program.
            if (computer.getChannel() == null) {
                throw Failure.CONNECTION_LOST.because(
                        "Jenkins did not keep the connection to the agent's program in %s. Its log says why."
                                .formatted(agent.getImage()));
            }
            online = true;
        } catch (IOException e) {
            throw explained(e, program, errors);
        } finally {
            deadline.cancel(false);
            if (!online) {
                containerEnd.cancel(true);
            }
        }
        watch(containerEnd);
        return true;
    }

    /** Whether the program ends without a word. */
    private static boolean isSilent(PushbackInputStream words) throws IOException {
        int first = words.read();
        if (first >= 0) {
            words.unread(first);
        }
        return first < 0;
    }

    private String command(String path) {
        String java = ShellWords.quote(path);
        String directory = ShellWords.quote(agent.getRemoteFS());
        String script = "cd %s && command -v %s >/dev/null || exit %d; exec %s %s -jar remoting.jar %s -workDir %s"
                .formatted(directory, java, NOT_FOUND, java, jvmOptions(), AgentProgram.KEEP, directory);
        return "sh -c " + ShellWords.quote(script);
    }

    /** Why the agent's program did not talk to us, as far as it can be known. */
    private IOException explained(IOException thrown, Future<GuestExit> program, AgentErrors errors)
            throws InterruptedException {
        LOGGER.log(Level.FINE, thrown, () -> "Talking to the agent's program of " + agent.getNodeName());
        try {
            int status = program.get(NEWS.toMillis(), TimeUnit.MILLISECONDS).shellStatus();
            if (status == NOT_FOUND) {
                return new AbortException(
                        "There is no Java at \"%s\" in %s. Say where it is, or nothing, for the one that comes along."
                                .formatted(agent.javaPath().orElse(""), agent.getImage()));
            }
            if (status == 0) {
                // It ended because we hung up, for a reason of our own.
                return thrown;
            }
            if (errors.saysJavaIsTooOld()) {
                return new AbortException(
                        "The Java at \"%s\" in %s is too old for this Jenkins, which needs %d. Say where another is, or nothing, for the one that comes along."
                                .formatted(agent.javaPath().orElse("java"), agent.getImage(), java().oldest()));
            }
            return new AbortException("The agent's program in %s ended with status %d. What it said stands above."
                    .formatted(agent.getImage(), status));
        } catch (ExecutionException e) {
            LOGGER.log(Level.FINE, "The agent's program of " + agent.getNodeName(), e);
            return e.getCause() instanceof VirtainerException known ? new AbortException(known.getMessage()) : thrown;
        } catch (TimeoutException e) {
            return thrown;
        }
    }

    /** A machine that ends takes its agent with it at once, not when a ping is missed. */
    private void watch(CompletableFuture<Integer> containerEnd) {
        containerEnd.thenAccept(status -> {
            if (!agent.isRetiring()) {
                String sentence = "The machine of %s ended while it was in use: its container ended with status %d%s."
                        .formatted(
                                agent.getNodeName(),
                                status,
                                Failure.ofContainerStatus(status)
                                        .map(failure -> " (" + failure.code() + ")")
                                        .orElse(""));
                Mishaps.get()
                        .add(
                                agent.getCloudName(),
                                agent.getNodeName(),
                                agent.getTemplateName(),
                                agent.getHostUri(),
                                sentence);
                listener.error(sentence);
                computer.disconnect(new VirtainerComputer.Gone(sentence));
                agent.retire(sentence);
            }
        });
    }
}
