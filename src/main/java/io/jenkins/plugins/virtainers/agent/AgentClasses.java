package io.jenkins.plugins.virtainers.agent;

import hudson.remoting.Channel;
import io.jenkins.plugins.virtainers.engine.agent.AgentProgram.ControllerClasses;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile.Content;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * The classes of this controller that an agent has before it waits in a memory template. Jenkins itself, with its
 * libraries, is among the agent's own then, as every plugin has it above its own on the controller; what plugins have is
 * kept as if the agent had fetched it, since each has a class loader of its own.
 */
final class AgentClasses {
    private static final Logger LOGGER = Logger.getLogger(AgentClasses.class.getName());

    private static final String LIBRARIES = "/WEB-INF/lib";
    /** Each agent has its own, and that is the agent. */
    private static final String REMOTING = "remoting-";
    /** What most is in comes first, for it is looked for there. */
    private static final String CORE = "jenkins-core-";

    /** Of the servlet container, without which Jenkins' own classes are not whole. */
    private static final List<String> BESIDE_LIBRARIES = List.of("jakarta.servlet.Servlet", "javax.servlet.Servlet");

    /** What agents take from plugins until the first line of a pipeline's first shell step. */
    private static final List<String> OF_PLUGINS = List.of(
            "org.jenkinsci.plugins.durabletask.AgentInfo$GetAgentInfo",
            "org.jenkinsci.plugins.durabletask.AgentInfo",
            "org.jenkinsci.plugins.durabletask.AgentInfo$OsType",
            "org.jenkinsci.plugins.workflow.log.TaskListenerDecorator",
            "org.jenkinsci.plugins.workflow.log.BufferedBuildListener$Replacement",
            "org.jenkinsci.plugins.workflow.log.DelayBufferedOutputStream",
            "org.jenkinsci.plugins.workflow.log.GCFlushedOutputStream",
            "org.jenkinsci.plugins.workflow.log.BufferedBuildListener$CloseableOutputStream",
            "org.jenkinsci.plugins.workflow.log.DelayBufferedOutputStream$Tuning",
            "org.jenkinsci.plugins.workflow.log.OutputStreamTaskListener$Default",
            "org.jenkinsci.plugins.workflow.log.BufferedBuildListener",
            "org.jenkinsci.plugins.workflow.log.BufferedBuildListener$Listener",
            "org.jenkinsci.plugins.workflow.log.DelayBufferedOutputStream$FlushControlledOutputStream",
            "org.jenkinsci.plugins.workflow.log.DelayBufferedOutputStream$Flush",
            "org.jenkinsci.plugins.workflow.log.GCFlushedOutputStream$FlushRef",
            "org.jenkinsci.plugins.durabletask.FileMonitoringTask$FileMonitoringController",
            "org.jenkinsci.plugins.durabletask.FileMonitoringTask$FileMonitoringController$TranscodingCharsetForSystemDefault",
            "org.jenkinsci.plugins.durabletask.FileMonitoringTask",
            "org.jenkinsci.plugins.durabletask.FileMonitoringTask$FileMonitoringController$WriteLog",
            "org.jenkinsci.plugins.durabletask.FileMonitoringTask$FileMonitoringController$StatusCheck");

    /** They are what they are until the controller starts again. */
    private static final class Found {
        static final ControllerClasses CLASSES = find();
    }

    private AgentClasses() {}

    /** The files' content is read when it is used. */
    static ControllerClasses get() {
        return Found.CLASSES;
    }

    /**
     * Has an agent that waited load what a build will need of plugins while it is still asked what it is. Without, it
     * loads each when it first meets it.
     */
    static void sendAhead(Channel agent) {
        try {
            agent.callAsync(new AgentRehearsal.Loading(OF_PLUGINS));
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "Sending classes ahead", e);
        }
    }

    private static ControllerClasses find() {
        try {
            List<Content> kept = contents(filesOf(OF_PLUGINS));
            String libraries = Jenkins.get().getServletContext().getRealPath(LIBRARIES);
            if (libraries == null) {
                LOGGER.info("Agents that wait in templates fetch most classes, since Jenkins does not run from files.");
                return new ControllerClasses(List.of(), kept, List.of());
            }
            List<Path> classPath = new ArrayList<>(libraries(Path.of(libraries)));
            classPath.addAll(filesOf(BESIDE_LIBRARIES));
            return new ControllerClasses(
                    contents(classPath),
                    kept,
                    List.of(AgentRehearsal.class.getName(), AgentRehearsal.Loading.class.getName()));
        } catch (IOException | UncheckedIOException e) {
            LOGGER.log(Level.WARNING, "Agents that wait in templates fetch all classes", e);
            return ControllerClasses.NONE;
        }
    }

    private static List<Path> libraries(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(AgentClasses::isLibrary)
                    .sorted(Comparator.comparing((Path file) -> !name(file).startsWith(CORE))
                            .thenComparing(AgentClasses::name))
                    .toList();
        }
    }

    private static boolean isLibrary(Path file) {
        return name(file).endsWith(".jar") && !name(file).startsWith(REMOTING);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static List<Content> contents(List<Path> files) {
        return files.stream().map(Content::of).distinct().toList();
    }

    /** The .jar files that have these types, where they are had at all. */
    private static List<Path> filesOf(List<String> types) {
        List<Path> files = new ArrayList<>();
        for (String type : types) {
            try {
                CodeSource source = Class.forName(type, false, AgentClasses.class.getClassLoader())
                        .getProtectionDomain()
                        .getCodeSource();
                URL location = source == null ? null : source.getLocation();
                if (location != null && "file".equals(location.getProtocol())) {
                    Path file = Path.of(location.toURI());
                    if (Files.isRegularFile(file) && !files.contains(file)) {
                        files.add(file);
                    }
                }
            } catch (ClassNotFoundException | LinkageError | URISyntaxException e) {
                LOGGER.log(Level.FINE, "No file has " + type, e);
            }
        }
        return files;
    }
}
