package io.jenkins.plugins.virtainers.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a home is told from its copy. */
class InstallationTest {
    @TempDir
    Path folder;

    private File home;
    private String name;

    @BeforeEach
    void start() throws IOException {
        home = Files.createDirectory(folder.resolve("home")).toFile();
        name = nameOf(new Installation(home));
    }

    private static String nameOf(Installation installation) {
        return installation.owners().get(0);
    }

    /** With all times, as a backup is restored. */
    private static void copy(File from, File to) throws IOException {
        FileUtils.copyDirectory(from, to, true);
        Path mark = Path.of("virtainers-installation");
        assertEquals(
                Files.getLastModifiedTime(from.toPath().resolve(mark)).toMillis(),
                Files.getLastModifiedTime(to.toPath().resolve(mark)).toMillis());
    }

    @Test
    void aHomeKeepsItsName() {
        Installation later = new Installation(home);
        assertEquals(List.of(name), later.owners());
        assertEquals(List.of(), later.formers());
    }

    @Test
    void twoHomesHaveTwoNames() throws IOException {
        File other = Files.createDirectory(folder.resolve("other")).toFile();
        assertNotEquals(name, nameOf(new Installation(other)));
    }

    @Test
    void aCopyLeavesTheMachinesOfItsOriginalAlone() throws IOException {
        File other = folder.resolve("copy").toFile();
        copy(home, other);
        Installation copy = new Installation(other);
        assertNotEquals(name, nameOf(copy));
        assertEquals(1, copy.owners().size());
        assertEquals(List.of(new Installation.Former(name, home.getPath())), copy.formers());
        assertEquals(List.of(name), new Installation(home).owners(), "the original has not changed");
    }

    @Test
    void aBackupInThePlaceOfItsOriginalIsACopy() throws IOException {
        File backup = folder.resolve("backup").toFile();
        copy(home, backup);
        assertTrue(home.renameTo(folder.resolve("before").toFile()));
        copy(backup, home);
        assertNotEquals(name, nameOf(new Installation(home)));
    }

    @Test
    void oneThatHasMovedTakesItsMachinesOver() throws IOException {
        File other = folder.resolve("moved").toFile();
        assertTrue(home.renameTo(other));
        Installation moved = new Installation(other);
        moved.takeOver();
        assertEquals(List.of(nameOf(moved), name), moved.owners());
        assertEquals(List.of(), moved.formers());
        Installation later = new Installation(other);
        assertEquals(moved.owners(), later.owners());
        assertEquals(List.of(), later.formers());
    }

    @Test
    void aCopyThatIsSaidToBeOneIsNotAskedAboutAgain() throws IOException {
        File other = folder.resolve("copy").toFile();
        copy(home, other);
        Installation copy = new Installation(other);
        copy.leave();
        Installation later = new Installation(other);
        assertEquals(copy.owners(), later.owners());
        assertEquals(List.of(), later.formers());
    }

    @Test
    void whatCannotBeReadIsNobodys() throws IOException {
        Files.writeString(home.toPath().resolve("virtainers-installation.xml"), "<not-xml");
        Installation later = new Installation(home);
        assertNotEquals(name, nameOf(later));
        assertEquals(1, new Installation(home).owners().size());
        assertEquals(nameOf(later), nameOf(new Installation(home)));
    }
}
