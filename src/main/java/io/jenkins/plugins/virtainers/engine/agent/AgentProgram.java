package io.jenkins.plugins.virtainers.engine.agent;

import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.io.ShellWords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A program that is started before a guest is saved as a memory template, and that waits there to be joined
 * (docs/templates.md): what would take many seconds after a restore is then in memory. It must write at least a byte
 * when it is as far as it comes alone, and hold no secret, since every guest of the template has it.
 *
 * @param files by name, without folders; {@code start} among them is run by {@code sh} as the image's user, in the
 *     folder {@link #FOLDER}
 */
public record AgentProgram(SortedMap<String, ContainerFile.Content> files) {
    /** Where the files are in the guest. */
    public static final String FOLDER = "/run/virtainers/agent";

    /**
     * The command that joins the program in a guest, byte for byte, and ends with its status. Who comes second, and who
     * comes to a guest in which none waits, gets {@link #NOBODY_WAITS} before a byte was read or written.
     */
    public static final String JOIN =
            "[ -S %1$s/socket ] || exit 117; p=/usr/lib/virtainers; [ -d $p ] || p=/run/virtainers-disk/bin; exec $p/waiting-program join %1$s/socket"
                    .formatted(FOLDER);

    /** The status of {@link #JOIN} when there is nothing to join. */
    public static final int NOBODY_WAITS = 117;

    /** What a Jenkins agent's Java VM is given where nobody says another: little memory and a quick start. */
    public static final String USUAL_OPTIONS = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1";

    /** Where it works then: a place that exists everywhere, belongs to nobody, and is not emptied while the guest runs. */
    public static final String USUAL_DIRECTORY = "/var/tmp/jenkins";

    /** Where an agent keeps files of its controller's classes, in its work directory. */
    static final String KEPT = "remoting/jarCache";

    /** Options of remoting that say so; without, an agent on a command's input and output keeps them in its home. */
    public static final String KEEP = "-jar-cache " + KEPT;

    private static final String START = "start";
    private static final String JAR = "remoting.jar";
    private static final String WARM_UP_JAR = "warm-up.jar";
    private static final String FIRST_CALLS_JAR = "first-calls.jar";

    private static final String IN_CONTAINER = "/tmp/agent/";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    public AgentProgram {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        for (String name : files.keySet()) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("not the name of a file of an agent: " + name);
            }
        }
        if (!files.containsKey(START)) {
            throw new IllegalArgumentException("an agent has no file \"start\"");
        }
    }

    /**
     * @param start script for {@code sh}
     * @param others further files by name
     */
    public static AgentProgram of(String start, Map<String, ContainerFile.Content> others) {
        SortedMap<String, ContainerFile.Content> files = new TreeMap<>(others);
        files.put(START, ContainerFile.Content.of(start));
        return new AgentProgram(files);
    }

    /**
     * What a controller has that its agents take from it, one by one and over their channel, unless they have it before.
     *
     * @param classPath .jar files of the controller's own classes, with all that these need: an agent has them as its own,
     *     read and at work before it waits
     * @param kept .jar files of further classes; an agent has them as if it had fetched them, and still asks for each
     *     class
     * @param rehearsal names of classes of this program's; the first has a static method "rehearse" that calls an agent
     *     over the given channel (hudson.remoting.VirtualChannel) as the controller will; the others it needs
     */
    public record ControllerClasses(
            List<ContainerFile.Content> classPath, List<ContainerFile.Content> kept, List<String> rehearsal) {
        /** An agent takes everything from its controller. */
        public static final ControllerClasses NONE = new ControllerClasses(List.of(), List.of(), List.of());

        public ControllerClasses {
            classPath = List.copyOf(classPath);
            kept = List.copyOf(kept);
            rehearsal = List.copyOf(rehearsal);
        }
    }

    /**
     * The agent of a Jenkins, with its channel on standard input and output.
     *
     * @param jar its remoting.jar
     * @param java what starts it in the guest
     * @param options of the Java VM, as a shell splits them
     * @param directory of its work, an absolute path in the guest
     */
    public static AgentProgram ofJenkins(
            ContainerFile.Content jar, ControllerClasses classes, AgentJava java, String options, String directory) {
        List<String> ours = new ArrayList<>();
        ours.add(WaitingAgent.class.getName());
        ours.addAll(classes.rehearsal);
        Map<String, ContainerFile.Content> files = new TreeMap<>();
        files.put(JAR, jar);
        files.put(WARM_UP_JAR, jarOf(ours));
        files.put(FIRST_CALLS_JAR, jarOf(List.of(FirstCalls.class.getName(), FirstCalls.class.getName() + "$1")));
        List<String> classPath = new ArrayList<>(List.of(JAR, WARM_UP_JAR));
        for (ContainerFile.Content file : classes.classPath) {
            String name = "core-" + file.sha256() + ".jar";
            files.put(name, file);
            classPath.add(name);
        }
        for (ContainerFile.Content file : classes.kept) {
            files.put(WaitingAgent.KEPT_PREFIX + file.sha256() + ".jar", file);
        }
        return of(
                java.inShell()
                        + '\n'
                        + "mkdir -p %1$s && cd %1$s && exec \"$java\" %2$s -cp %3$s %4$s %5$s/%6$s %7$s %8$s -workDir %1$s"
                                .formatted(
                                        ShellWords.quote(directory),
                                        options,
                                        classPath.stream()
                                                .map(name -> FOLDER + "/" + name)
                                                .collect(Collectors.joining(":")),
                                        WaitingAgent.class.getName(),
                                        FOLDER,
                                        FIRST_CALLS_JAR,
                                        classes.rehearsal.stream().findFirst().orElse(WaitingAgent.NO_REHEARSAL),
                                        KEEP)
                        + '\n',
                files);
    }

    /** The same bytes from the same classes, whatever Java packs them. */
    private static ContainerFile.Content jarOf(List<String> classes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream jar = new ZipOutputStream(bytes)) {
            for (String type : classes) {
                String name = type.replace('.', '/') + ".class";
                byte[] content = classFile(name);
                CRC32 sum = new CRC32();
                sum.update(content);
                ZipEntry entry = new ZipEntry(name);
                entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(content.length);
                entry.setCrc(sum.getValue());
                jar.putNextEntry(entry);
                jar.write(content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("packing our own classes", e);
        }
        return ContainerFile.Content.of(bytes.toByteArray());
    }

    private static byte[] classFile(String name) throws IOException {
        try (InputStream content = AgentProgram.class.getClassLoader().getResourceAsStream(name)) {
            if (content == null) {
                throw new IOException("there is no " + name);
            }
            return content.readAllBytes();
        }
    }

    /** What the runtime knows this agent by: the sha256, in hexadecimal, of what sha256sum prints of its files. */
    public String digest() {
        StringBuilder lines = new StringBuilder();
        files.forEach((name, content) ->
                lines.append(content.sha256()).append("  ").append(name).append('\n'));
        return ContainerFile.Content.of(lines.toString()).sha256();
    }

    /** The files, where a container that makes a template looks for them. */
    public List<ContainerFile> inContainer() {
        return files.entrySet().stream()
                .map(file -> ContainerFile.of(IN_CONTAINER + file.getKey(), file.getValue()))
                .toList();
    }
}
