package io.jenkins.plugins.virtainers.engine.template;

import io.jenkins.plugins.virtainers.engine.errand.Errand;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.FixConfigurationException;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.ContainerId;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.host.ContainerRequest;
import io.jenkins.plugins.virtainers.engine.host.HostInfo;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.host.Volumes;
import io.jenkins.plugins.virtainers.engine.image.Images;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.io.RuntimeEvent;
import io.jenkins.plugins.virtainers.engine.spec.DiskImage;
import io.jenkins.plugins.virtainers.engine.spec.RuntimeVariables;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import io.jenkins.plugins.virtainers.engine.spec.VmSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory templates of a container host (docs/templates.md). They are on a volume of the host; what is done with them
 * is done by containers that see it, so the host may be anywhere.
 */
public final class Templates {
    private static final Logger LOGGER = Logger.getLogger(Templates.class.getName());

    private static final String VOLUME = "virtainers-templates";
    private static final String MARKS_VOLUME = "virtainers-template-marks";
    private static final String PATH = "/templates";
    private static final String MARKS_PATH = "/template-marks";

    private static final String AGENT = "AGENT";
    private static final String USER_DATA = "SHARED_USER_DATA";
    /** Variables of the runtime that a template depends on, or its keeping. */
    private static final List<String> VARIABLES = List.of(
            "CPU",
            "RAM",
            "ACCEL",
            AGENT,
            USER_DATA,
            "TCG_THREADS",
            "BOOT_TIMEOUT",
            "TEMPLATE_SPACE",
            "IMAGE_URL",
            "IMAGE_CHECKSUM",
            "DISK_SIZE");

    private static final Pattern WANTED = Pattern.compile("wanted ([0-9a-f]{12})[0-9a-f]*");
    /** The labels of the containers that make and keep templates; each ends when it is through. */
    public static final Map<String, String> KEEPERS = Map.of(Labels.KEEPER, "templates");

    private static final Duration KEEPING = Duration.ofMinutes(2);
    /** Beyond the guest's boot timeout, for saving it. */
    private static final Duration SAVING = Duration.ofMinutes(5);

    private final ContainerHost host;
    /** What guests had with them, by digest: the label of a container has no room for files. */
    private final Map<String, List<ContainerFile>> brought = new ConcurrentHashMap<>();

    public Templates(ContainerHost host) {
        this.host = host;
    }

    /** What a container of this spec sees of the templates; their keepers do not have a disk image of the caller's. */
    public static List<Volumes.Mount> mounts(Volumes volumes, VmSpec spec) {
        return spec.boot().takesTemplates() && !(spec.diskImage().orElse(null) instanceof DiskImage.InFile)
                ? mounts(volumes, true)
                : List.of();
    }

    /** A container that runs a guest reads templates; that it used one, or found it damaged, it writes elsewhere. */
    private static List<Volumes.Mount> mounts(Volumes volumes, boolean readOnly) {
        return List.of(volumes.mount(VOLUME, PATH, readOnly), volumes.mount(MARKS_VOLUME, MARKS_PATH, false));
    }

    /**
     * Makes sure that the host can keep templates.
     *
     * @param what is to be done with them: {@code list templates}
     * @throws VirtainerException {@link Failure#UNSUPPORTED}
     */
    public Volumes require(String what) {
        return host.volumes().orElseThrow(() -> host.unable(what, "volumes"));
    }

    /** The label from which {@link #makeWanted} knows what to make. */
    public static String label(Map<String, String> variables) {
        List<String> written = new ArrayList<>();
        for (String variable : VARIABLES) {
            if (variables.containsKey(variable)) {
                written.add(variable + "=" + variables.get(variable));
            }
        }
        return String.join(" ", written);
    }

    /** Lets {@link #makeWanted} make templates in which the agent of this spec waits, and its user data was applied. */
    public void remember(VmSpec spec) {
        brought.putAll(broughtBy(spec));
    }

    private static Map<String, List<ContainerFile>> broughtBy(VmSpec spec) {
        Map<String, List<ContainerFile>> files = new LinkedHashMap<>();
        spec.agent().ifPresent(agent -> files.put(agent.digest(), agent.inContainer()));
        spec.sharedUserData()
                .ifPresent(data -> files.put(data.sha256(), List.of(ContainerFile.of("/tmp/user-data", data))));
        return files;
    }

    /** The template that the runtime says would have been of use. */
    public static Optional<String> wanted(RuntimeEvent event) {
        Matcher matcher = WANTED.matcher(event.text());
        return event.is("template") && matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /**
     * Lets a container make the template that a guest lacked, and does not wait for it. One that is being made already is
     * left to that; and as the guest runs without, a failure is nobody's business but the log's.
     *
     * @param wanted as {@link #wanted} has it
     */
    public void makeWanted(Vm vm, String wanted) throws InterruptedException {
        Optional<Volumes> volumes = host.volumes();
        if (volumes.isEmpty()) {
            return;
        }
        try {
            Optional<Container> guest = host.inspect(vm.container().value());
            Optional<String> hardware = guest.flatMap(container -> container.label(Labels.HARDWARE));
            if (hardware.isEmpty()) {
                return;
            }
            Map<String, String> variables = variables(hardware.get());
            List<ContainerFile> files = new ArrayList<>();
            for (String variable : List.of(AGENT, USER_DATA)) {
                if (variables.containsKey(variable)) {
                    List<ContainerFile> known = brought.get(variables.get(variable));
                    if (known == null) {
                        // Whoever asked for it is gone; who asks next brings it.
                        return;
                    }
                    files.addAll(known);
                }
            }
            start(
                    keeper(
                                    volumes.get(),
                                    guest.get().image(),
                                    new VmName("virtainer-template-" + wanted),
                                    variables,
                                    "warm")
                            .removedWhenEnded(),
                    files);
        } catch (VirtainerException e) {
            Level level = e.failure() == Failure.NAME_IN_USE ? Level.FINE : Level.INFO;
            LOGGER.log(level, "No container makes template {0}: {1}", new Object[] {wanted, e.getMessage()});
        }
    }

    /**
     * Makes the template for guests of a spec, unless it is there, and waits for it.
     *
     * @param image of the spec, on the host
     * @throws VirtainerException what the container's end stands for
     */
    public void make(VmSpec spec, ContainerImage image, Progress progress) throws InterruptedException {
        String what = "make a template of " + spec.image();
        String said = run(
                keeper(require(what), image.id(), VmName.random(), variables(label(RuntimeVariables.of(spec))), "warm"),
                broughtBy(spec).values().stream().flatMap(List::stream).toList(),
                spec.bootTimeout().plus(SAVING),
                progress,
                what);
        if (!said.isEmpty()) {
            LOGGER.log(Level.FINE, "Making a template printed {0} characters", said.length());
        }
    }

    /**
     * Every template of the host.
     *
     * @param image any that holds the runtime
     */
    public List<MemoryTemplate> list(ContainerImage image) throws InterruptedException {
        return keep(image, "list templates", "ls")
                .lines()
                .flatMap(line -> MemoryTemplate.parse(line).stream())
                .toList();
    }

    /**
     * Removes templates. Guests restored from them run on.
     *
     * @throws VirtainerException {@link Failure#USAGE} when one of them is not there; then none is removed
     */
    public void remove(ContainerImage image, List<String> keys) throws InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("rm"));
        arguments.addAll(keys);
        keep(image, "remove templates", arguments.toArray(String[]::new));
    }

    private String keep(ContainerImage image, String what, String... arguments) throws InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "templates";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return run(
                keeper(require(what), image.id(), VmName.random(), Map.of(), command),
                List.of(),
                KEEPING,
                Progress.SILENT,
                what);
    }

    private static ContainerRequest.Builder keeper(
            Volumes volumes, String image, VmName name, Map<String, String> variables, String... command) {
        List<Volumes.Mount> mounts = new ArrayList<>(mounts(volumes, false));
        mounts.addAll(Images.mounts(volumes, variables));
        return ContainerRequest.of(image, name)
                .env(variables)
                .labels(KEEPERS)
                .command(command)
                .volumes(mounts)
                .rights(ContainerRequest.Rights.TEMPLATES);
    }

    private static Map<String, String> variables(String label) {
        Map<String, String> variables = new LinkedHashMap<>();
        Arrays.stream(label.split(" ")).forEach(variable -> {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                variables.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        });
        return variables;
    }

    /** Starts a container, with the host's /dev/kvm where there is one, as the guests that use the template have it. */
    private ContainerId start(ContainerRequest.Builder asked, List<ContainerFile> files) throws InterruptedException {
        ContainerRequest request =
                asked.kvm(host.info().kvm() != HostInfo.KvmDevice.ABSENT).build();
        request = "tcg".equals(request.env().get("ACCEL")) ? request.withoutKvm() : request;
        try {
            return startOrRemove(request, files);
        } catch (FixConfigurationException e) {
            if (e.failure() != Failure.PLATFORM || !request.kvm()) {
                throw e;
            }
            return startOrRemove(request.withoutKvm(), files);
        }
    }

    private ContainerId startOrRemove(ContainerRequest request, List<ContainerFile> files) throws InterruptedException {
        return Errand.start(host, request, files);
    }

    private String run(
            ContainerRequest.Builder request,
            List<ContainerFile> files,
            Duration timeout,
            Progress progress,
            String what)
            throws InterruptedException {
        return new Errand(host, what, timeout).finish(start(request, files), progress);
    }
}
