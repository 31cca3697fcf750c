package io.jenkins.plugins.virtainers.engine.template;

import io.jenkins.plugins.virtainers.engine.errand.Errand;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.guest.Vm;
import io.jenkins.plugins.virtainers.engine.host.Container;
import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.engine.host.ContainerImage;
import io.jenkins.plugins.virtainers.engine.host.Labels;
import io.jenkins.plugins.virtainers.engine.host.Volumes;
import io.jenkins.plugins.virtainers.engine.image.Images;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.io.Progress;
import io.jenkins.plugins.virtainers.engine.io.RuntimeEvent;
import io.jenkins.plugins.virtainers.engine.spec.DiskImage;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
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

    private static final Pattern WANTED = Pattern.compile("wanted ([0-9a-f]{32})");
    /** How much of a template's key its maker is named by. */
    private static final int NAMED_BY = 12;

    /** The labels of the containers that make and keep templates; each ends when it is through. */
    public static final Map<String, String> KEEPERS = Map.of(Labels.KEEPER, "templates");

    private static final Duration KEEPING = Duration.ofMinutes(2);
    /** Beyond the guest's boot timeout, for saving it. */
    private static final Duration SAVING = Duration.ofMinutes(5);

    private final ContainerHost host;
    private final Images images;
    private final RuntimeFetch runtimeFetch;
    /** What guests had with them, by digest: the label of a container has no room for files. */
    private final Map<String, List<ContainerFile>> brought = new ConcurrentHashMap<>();

    public Templates(ContainerHost host, Images images) {
        this.host = host;
        this.images = images;
        this.runtimeFetch = new RuntimeFetch(host, images);
    }

    /** What a container of this spec sees of the templates; their keepers do not have a disk image of the caller's. */
    public static List<Volumes.Mount> mounts(Volumes volumes, VmSpec spec) {
        return spec.boot().takesTemplates() && !(spec.diskImage().orElse(null) instanceof DiskImage.InFile)
                ? mounts(volumes, true)
                : List.of();
    }

    /** A container that runs a guest reads templates; that it used one, or found it damaged, it writes elsewhere. */
    static List<Volumes.Mount> mounts(Volumes volumes, boolean readOnly) {
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
            VmName maker = new VmName("virtainer-template-" + wanted.substring(0, NAMED_BY));
            if (host.inspect(maker.value()).isPresent()) {
                LOGGER.log(Level.FINE, "Template {0} is being made", wanted);
                return;
            }
            Optional<ContainerImage> runtime = host.findImage(ImageRef.RUNTIME);
            if (runtime.isEmpty()) {
                LOGGER.log(Level.INFO, "No container makes template {0}: {1} has no {2} yet", new Object[] {
                    wanted, host.address(), ImageRef.RUNTIME
                });
                runtimeFetch.begin();
                return;
            }
            new Keeper(host, volumes.get(), runtime.get(), maker, variables, List.of("warm", wanted))
                    .startAndLeave(Optional.of(guest.get().image()), files);
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
        Keeper keeper = keeper(require(what), variables(label(RuntimeVariables.of(spec))), List.of("warm"), progress);
        List<ContainerFile> files =
                broughtBy(spec).values().stream().flatMap(List::stream).toList();
        String said = new Errand(host, what, spec.bootTimeout().plus(SAVING))
                .finish(keeper.start(Optional.of(image.id()), files), progress);
        if (!said.isEmpty()) {
            LOGGER.log(Level.FINE, "Making a template printed {0} characters", said.length());
        }
    }

    /** Every template of the host. */
    public List<MemoryTemplate> list(Progress progress) throws InterruptedException {
        String what = "list templates";
        Volumes volumes = require(what);
        if (hasNoImage()) {
            return List.of();
        }
        return keep(volumes, what, progress, List.of("ls"))
                .lines()
                .flatMap(line -> MemoryTemplate.parse(line).stream())
                .toList();
    }

    /**
     * Removes templates. Guests restored from them run on.
     *
     * @throws VirtainerException {@link Failure#USAGE} when one of them is not there; then none is removed
     */
    public void remove(List<String> keys, Progress progress) throws InterruptedException {
        String what = "remove templates";
        Volumes volumes = require(what);
        if (hasNoImage()) {
            throw Failure.USAGE.because(
                    "There is no image of this project on %s, and so no template. See: virtainer images"
                            .formatted(host.address()));
        }
        List<String> arguments = new ArrayList<>(List.of("rm"));
        arguments.addAll(keys);
        keep(volumes, what, progress, arguments);
    }

    /** Whether there can be no template, since there never was a guest. */
    private boolean hasNoImage() throws InterruptedException {
        return host.images(Labels.CONTRACT).isEmpty();
    }

    private String keep(Volumes volumes, String what, Progress progress, List<String> arguments)
            throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("templates"));
        command.addAll(arguments);
        Keeper keeper = keeper(volumes, Map.of(), command, progress);
        return new Errand(host, what, KEEPING).finish(keeper.start(Optional.empty(), List.of()), Progress.SILENT);
    }

    /** One whose end is waited for, and so for the runtime's image too. */
    private Keeper keeper(Volumes volumes, Map<String, String> variables, List<String> command, Progress progress)
            throws InterruptedException {
        return new Keeper(
                host, volumes, images.ensure(ImageRef.RUNTIME, progress), VmName.random(), variables, command);
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
}
