package io.jenkins.plugins.virtainers.fleet;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * This Jenkins, as the owner of what it makes. Its name is in its home, and with it a file by which a copy of the home
 * is told from the home itself: the copy has another name from its first start on, and so never has to do with machines
 * of the Jenkins that it was copied from, unless somebody says that they are its own. Safe for use by several threads.
 */
@Extension
public final class Installation {
    private static final Logger LOGGER = Logger.getLogger(Installation.class.getName());

    /** The command that starts a sample reads the file, too: SampleJenkins. */
    private static final String NAME = "virtainers-installation";

    /** What file systems and their drivers make of one time. */
    private static final Duration ALIKE = Duration.ofSeconds(5);

    private final File home;
    private Known known;

    public Installation() {
        this(Jenkins.get().getRootDir());
    }

    Installation(File home) {
        this.home = home;
    }

    /** Has its name from its first start on, whether or not it has machines yet. */
    @Initializer(after = InitMilestone.JOB_CONFIG_ADAPTED)
    public static void name() {
        get().known();
    }

    public static Installation get() {
        return ExtensionList.lookupSingleton(Installation.class);
    }

    /** Whose everything is that this controller makes. */
    public static String owner() {
        return get().known().name;
    }

    /**
     * A Jenkins whose home this one's is a copy of.
     *
     * @param name by which it owns its machines
     * @param home where that home was
     */
    public record Former(String name, String home) {}

    /** What is in the file. Persisted. */
    private static final class Known {
        private final String name = "jenkins-" + UUID.randomUUID();
        private final List<String> inherited = new ArrayList<>();
        /** Where the home of each was. */
        private final Map<String, String> formers = new LinkedHashMap<>();

        private String home;
        private long file;
        private long made;

        /** Whether that file is the one that was beside this. */
        private boolean isOf(Path mark) {
            try {
                return home.equals(folder(mark))
                        && file == number(mark)
                        && Duration.between(made(mark), Instant.ofEpochMilli(made))
                                        .abs()
                                        .compareTo(ALIKE)
                                < 0;
            } catch (IOException e) {
                return false;
            }
        }

        private void setOf(Path mark) throws IOException {
            home = folder(mark);
            file = number(mark);
            made = made(mark).toEpochMilli();
        }

        private static String folder(Path mark) {
            return Objects.requireNonNull(mark.getParent()).toString();
        }

        /** Its file system's, where that has one; it stays when the file system is mounted elsewhere. */
        private static long number(Path mark) throws IOException {
            Object key = Files.readAttributes(mark, BasicFileAttributes.class).fileKey();
            return key == null ? 0 : ((Number) Files.getAttribute(mark, "unix:ino")).longValue();
        }

        private static Instant made(Path mark) throws IOException {
            return Files.readAttributes(mark, BasicFileAttributes.class)
                    .creationTime()
                    .toInstant();
        }
    }

    /** The names of all whose machines without an agent are removed: its own first. */
    public synchronized List<String> owners() {
        return Stream.concat(Stream.of(known().name), known().inherited.stream())
                .toList();
    }

    /** Those whose machines are left alone until somebody says what they are. */
    public synchronized List<Former> formers() {
        return known().formers.entrySet().stream()
                .map(former -> new Former(former.getKey(), former.getValue()))
                .toList();
    }

    /** Whether what this owner has is this one's own. */
    public boolean owns(String owner) {
        return owners().contains(owner);
    }

    /** The home has moved, and nobody else has those machines. */
    public synchronized void takeOver() {
        known().inherited.addAll(known().formers.keySet());
        leave();
    }

    /** The home is a copy, and those machines are another's. */
    public synchronized void leave() {
        known().formers.clear();
        write(known());
    }

    private synchronized Known known() {
        if (known == null) {
            Known before = read();
            known = before != null && before.isOf(mark()) ? before : begin(before);
        }
        return known;
    }

    private Known begin(@CheckForNull Known before) {
        Known now = new Known();
        if (before != null) {
            LOGGER.log(
                    Level.WARNING,
                    "The home of this Jenkins was copied or moved from {0}: machines of {1} are left alone until an administrator says whose they are",
                    new Object[] {before.home, before.name});
            now.formers.putAll(before.formers);
            Stream.concat(Stream.of(before.name), before.inherited.stream())
                    .forEach(name -> now.formers.put(name, before.home));
        }
        try {
            Files.deleteIfExists(mark());
            Files.createFile(mark());
            now.setOf(mark());
        } catch (IOException e) {
            LOGGER.log(Level.SEVERE, "Cannot write " + mark() + "; after a restart, machines of now are another's", e);
        }
        write(now);
        return now;
    }

    @CheckForNull
    private Known read() {
        XmlFile file = file();
        try {
            return file.exists() ? (Known) file.read() : null;
        } catch (IOException | ClassCastException e) {
            LOGGER.log(Level.WARNING, "Cannot read " + file + "; machines of before are another's", e);
            return null;
        }
    }

    private void write(Known now) {
        try {
            file().write(now);
        } catch (IOException e) {
            LOGGER.log(Level.SEVERE, "Cannot write " + file() + "; after a restart, machines of now are another's", e);
        }
    }

    private XmlFile file() {
        return new XmlFile(new File(home, NAME + ".xml"));
    }

    private Path mark() {
        return home.toPath().toAbsolutePath().resolve(NAME);
    }
}
