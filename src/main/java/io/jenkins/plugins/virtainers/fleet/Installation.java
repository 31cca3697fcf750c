package io.jenkins.plugins.virtainers.fleet;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.XmlFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
        private final List<String> formerNames = new ArrayList<>();
        private final List<String> formerHomes = new ArrayList<>();
        private String home;
        private long file;
        private long made;

        /** Whether that file is the one that was beside this. */
        private boolean isOf(Path mark) {
            try {
                return home.equals(mark.getParent().toString())
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
            home = mark.getParent().toString();
            file = number(mark);
            made = made(mark).toEpochMilli();
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
        Known now = known();
        List<Former> formers = new ArrayList<>();
        for (int i = 0; i < now.formerNames.size(); i++) {
            formers.add(new Former(now.formerNames.get(i), now.formerHomes.get(i)));
        }
        return formers;
    }

    /** The home has moved, and nobody else has those machines. */
    public synchronized void takeOver() {
        known().inherited.addAll(known().formerNames);
        leave();
    }

    /** The home is a copy, and those machines are another's. */
    public synchronized void leave() {
        known().formerNames.clear();
        known().formerHomes.clear();
        write();
    }

    private synchronized Known known() {
        if (known == null) {
            Known before = read();
            if (before != null && before.isOf(mark())) {
                known = before;
            } else {
                begin(before);
            }
        }
        return known;
    }

    private void begin(Known before) {
        known = new Known();
        if (before != null) {
            LOGGER.log(
                    Level.WARNING,
                    "The home of this Jenkins was copied or moved from {0}: machines of {1} are left alone until an administrator says whose they are",
                    new Object[] {before.home, before.name});
            known.formerNames.addAll(before.formerNames);
            known.formerHomes.addAll(before.formerHomes);
            Stream.concat(Stream.of(before.name), before.inherited.stream()).forEach(name -> {
                known.formerNames.add(name);
                known.formerHomes.add(before.home);
            });
        }
        try {
            Files.deleteIfExists(mark());
            Files.createFile(mark());
            known.setOf(mark());
        } catch (IOException e) {
            LOGGER.log(Level.SEVERE, "Cannot write " + mark() + "; after a restart, machines of now are another's", e);
        }
        write();
    }

    private Known read() {
        XmlFile file = file();
        try {
            return file.exists() ? (Known) file.read() : null;
        } catch (IOException | ClassCastException e) {
            LOGGER.log(Level.WARNING, "Cannot read " + file + "; machines of before are another's", e);
            return null;
        }
    }

    private void write() {
        try {
            file().write(known);
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
