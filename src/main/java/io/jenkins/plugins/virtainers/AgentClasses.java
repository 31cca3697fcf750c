package io.jenkins.plugins.virtainers;

import io.jenkins.plugins.virtainers.engine.ContainerFile;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The controller's .jar files from which every agent takes classes until a build's first step. An agent fetches each
 * whole, over its channel, when it first meets a class of it, and keeps it by its checksum: one that waits in a memory
 * template has them there.
 */
final class AgentClasses {
    private static final Logger LOGGER = Logger.getLogger(AgentClasses.class.getName());

    /** One type of each, as agents of Jenkins 2.516 were seen to fetch them. What is not installed is left out. */
    private static final List<String> ONE_OF_EACH = List.of(
            "hudson.slaves.SlaveComputer",
            "hudson.node_monitors.SwapSpaceMonitor",
            "jakarta.servlet.Servlet",
            "javax.servlet.Servlet",
            "com.sun.jna.Native",
            "org.apache.commons.fileupload2.core.FileItem",
            "org.apache.commons.io.IOUtils",
            "org.apache.commons.lang.StringUtils",
            "org.apache.tools.ant.BuildException",
            "org.jenkinsci.plugins.durabletask.DurableTask",
            "org.jenkinsci.plugins.workflow.FilePathUtils",
            "org.jvnet.hudson.MemoryMonitor",
            "org.jvnet.hudson.reactor.Reactor",
            "org.jvnet.localizer.Localizable",
            "org.kohsuke.stapler.Stapler",
            "org.springframework.core.NestedRuntimeException",
            "org.springframework.security.core.Authentication");

    /** They are what they are until the controller starts again. */
    private static final class Found {
        static final List<ContainerFile.Content> FILES = find();
    }

    private AgentClasses() {}

    /** The files, in an order that does not change; each is read when it is used. */
    static List<ContainerFile.Content> files() {
        return Found.FILES;
    }

    private static List<ContainerFile.Content> find() {
        TreeMap<Path, ContainerFile.Content> files = new TreeMap<>(Comparator.naturalOrder());
        for (String type : ONE_OF_EACH) {
            try {
                CodeSource source = Class.forName(type, false, AgentClasses.class.getClassLoader())
                        .getProtectionDomain()
                        .getCodeSource();
                URL location = source == null ? null : source.getLocation();
                if (location != null && "file".equals(location.getProtocol())) {
                    Path file = Path.of(location.toURI());
                    if (Files.isRegularFile(file)) {
                        files.computeIfAbsent(file, ContainerFile.Content::of);
                    }
                }
            } catch (ClassNotFoundException | LinkageError | URISyntaxException e) {
                LOGGER.log(Level.FINE, "No file of classes for agents has " + type, e);
            }
        }
        return List.copyOf(new ArrayList<>(files.values()));
    }
}
