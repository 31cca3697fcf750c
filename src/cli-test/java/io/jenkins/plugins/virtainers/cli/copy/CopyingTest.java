package io.jenkins.plugins.virtainers.cli.copy;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.VirtainerException;
import io.jenkins.plugins.virtainers.engine.spec.VmName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of cp, with a folder and a shell of this machine in the place of a guest. */
@Timeout(60)
class CopyingTest {
    private static final String UMASK = "umask 022; ";
    private static final List<String> NAMES = List.of(
            "plain",
            "two words",
            "-rf",
            "it's \"quoted\" $HOME `id` \\n %s",
            "new\nline",
            "end\n",
            "für€",
            ".hidden",
            "..dots",
            "*",
            "a".repeat(250));

    @TempDir
    Path directory;

    private Path here;
    private Path home;
    private LocalGuest guest;
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());
    private final List<String> shown = new ArrayList<>();

    @BeforeEach
    void makeFolders() throws IOException {
        here = Files.createDirectory(directory.resolve("here"));
        home = Files.createDirectory(directory.resolve("home"));
        guest = new LocalGuest(home, "command sh", UMASK);
    }

    private void copy(String... names) throws InterruptedException {
        copy(new CopyOptions(false, false), names);
    }

    private void copy(CopyOptions options, String... names) throws InterruptedException {
        List<Place> places = Arrays.stream(names)
                .map(name -> name.startsWith("w:") || name.startsWith("/") ? name : here + "/" + name)
                .map(Place::parse)
                .toList();
        new Copying(
                        options,
                        Map.of(new VmName("w"), guest),
                        new Complaints(said::add),
                        new Meter(line -> {}, shown::add, System::nanoTime))
                .copy(places.subList(0, places.size() - 1), places.get(places.size() - 1));
    }

    private static final CopyOptions FOLDERS = new CopyOptions(true, false);
    private static final CopyOptions PRESERVED = new CopyOptions(true, true);

    private static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static Path mode(Path file, String permissions) throws IOException {
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static List<String> tree(Path folder) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(path -> !path.equals(folder))
                    .map(path -> folder.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    private void saidOnce(String words) {
        assertEquals(1, said.size(), said.toString());
        assertTrue(said.get(0).contains(words), said.get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"w:", "w:~", "w:~/", "w:."})
    void nothingAndATildeAreTheHome(String destination) throws Exception {
        write(here.resolve("f"), "text");
        copy("f", destination);
        assertEquals("text", Files.readString(home.resolve("f")));
        assertEquals(List.of(), said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"w:d/x", "w:~/d/x", "w:./d/x"})
    void relativePathsAreBelowTheHome(String path) throws Exception {
        Files.createDirectory(home.resolve("d"));
        write(here.resolve("f"), "text");
        copy("f", path);
        copy(path, "back");
        assertEquals("text", Files.readString(home.resolve("d/x")));
        assertEquals("text", Files.readString(here.resolve("back")));
    }

    @Test
    void severalGoIntoAFolder() throws Exception {
        write(here.resolve("a"), "1");
        write(here.resolve("b"), "2");
        Files.createDirectory(home.resolve("d"));
        copy("a", "b", "w:d");
        Files.createDirectory(here.resolve("d"));
        copy("w:d/a", "w:d/b", "d");
        assertEquals(List.of("d", "d/a", "d/b"), tree(home));
        assertEquals("2", Files.readString(here.resolve("d/b")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"w:none", "none"})
    void severalGoNowhereElse(String destination) throws Exception {
        write(here.resolve("a"), "1");
        write(home.resolve("a"), "1");
        String source = destination.startsWith("w:") ? "a" : "w:a";
        VirtainerException refused = assertThrows(VirtainerException.class, () -> copy(source, source, destination));
        assertTrue(refused.getMessage().contains("it is not a folder"), refused.getMessage());
        assertEquals(List.of("a"), tree(home));
    }

    @ParameterizedTest
    @ValueSource(strings = {"w:none/", "none/"})
    void aSlashMeansAFolderThatIsThere(String destination) throws Exception {
        write(here.resolve("a"), "1");
        write(home.resolve("a"), "1");
        String source = destination.startsWith("w:") ? "a" : "w:a";
        VirtainerException refused = assertThrows(VirtainerException.class, () -> copy(source, destination));
        assertEquals(Failure.COPY_FAILED, refused.failure());
        assertTrue(refused.getMessage().contains("there is no such folder"), refused.getMessage());
    }

    @Test
    void aFolderWithoutRIsLeftOutAndTheRestCopied() throws Exception {
        write(here.resolve("d/x"), "1");
        write(here.resolve("f"), "2");
        copy("d", "f", "w:");
        saidOnce("it is a folder. Folders are copied with -r");
        assertEquals(List.of("f"), tree(home));
        said.clear();
        write(home.resolve("e/x"), "1");
        copy("w:e", "w:f", "d");
        saidOnce("w:e: it is a folder");
        assertEquals(List.of("f", "x"), tree(here.resolve("d")));
    }

    @Test
    void aFolderGoesIntoAFolderOrGetsAnotherName() throws Exception {
        write(here.resolve("d/sub/x"), "1");
        Files.createDirectory(here.resolve("d/empty"));
        copy(FOLDERS, "d", "w:");
        copy(FOLDERS, "d", "w:other");
        List<String> all = List.of("empty", "sub", "sub/x");
        assertEquals(all, tree(home.resolve("d")));
        assertEquals(all, tree(home.resolve("other")));
        copy(FOLDERS, "w:other", "back");
        copy(FOLDERS, "w:other/", "back");
        copy(FOLDERS, "w:other/.", "back");
        assertEquals(
                List.of("empty", "other", "other/empty", "other/sub", "other/sub/x", "sub", "sub/x"),
                tree(here.resolve("back")));
        assertEquals(List.of(), said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"command sh", "bash --posix", "busybox sh"})
    void everyNameComesThereAndBack(String shell) throws Exception {
        Assumptions.assumeTrue(
                new ProcessBuilder("sh", "-c", shell + " -c true").start().waitFor() == 0, shell + " is not here");
        guest = new LocalGuest(home, shell, "echo welcome; " + UMASK);
        for (String name : NAMES) {
            write(here.resolve("d").resolve(name), name);
            Files.createDirectories(here.resolve("d/folders").resolve(name));
        }
        copy(FOLDERS, "d", "w:");
        copy(FOLDERS, "w:d", "back");
        assertEquals(List.of(), said);
        assertEquals(tree(here.resolve("d")), tree(home.resolve("d")));
        assertEquals(tree(here.resolve("d")), tree(here.resolve("back")));
        for (String name : NAMES) {
            assertEquals(name, Files.readString(here.resolve("back").resolve(name)));
            copy("w:d/" + name, "alone");
            copy("alone", "w:alone/../alone " + name.charAt(0));
            assertEquals(name, Files.readString(here.resolve("alone")));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65535, 1048575, 1048576, 1048577, 5000000})
    void everySizeComesThereAndBack(int size) throws Exception {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        Files.write(here.resolve("f"), bytes);
        copy("f", "w:g");
        copy("w:g", "w:h");
        copy("w:h", "back");
        assertArrayEquals(bytes, Files.readAllBytes(here.resolve("back")));
        assertTrue(shown.get(0).startsWith("g ") && shown.get(0).contains("100%"), shown.toString());
        assertEquals(List.of("g", "h"), tree(home));
    }

    @Test
    void permissionsAreThoseOfTheFileLessTheUmask() throws Exception {
        mode(write(here.resolve("d/run"), ""), "rwxrwxrwx");
        mode(write(here.resolve("d/secret"), ""), "r--------");
        mode(here.resolve("d"), "r-xrwxrwx");
        guest = new LocalGuest(home, "command sh", "umask 027; ");
        copy(FOLDERS, "d", "w:");
        assertEquals("rwxr-x---", mode(home.resolve("d/run")));
        assertEquals("r--------", mode(home.resolve("d/secret")));
        assertEquals("r-xr-x---", mode(home.resolve("d")));
        copy(FOLDERS, "w:d", "back");
        assertEquals("rwxr-x---", mode(here.resolve("back/run")));
        assertEquals("r-xr-x---", mode(here.resolve("back")));
    }

    @Test
    void aFileThatIsThereKeepsItsPermissionsAndItsLinks() throws Exception {
        mode(write(home.resolve("real"), "old"), "rw-rw----");
        Files.createSymbolicLink(home.resolve("link"), Path.of("real"));
        mode(write(here.resolve("link"), "new"), "rwxr-xr-x");
        copy("link", "w:");
        assertEquals("new", Files.readString(home.resolve("real")));
        assertEquals("rw-rw----", mode(home.resolve("real")));
        write(home.resolve("real"), "newer");
        copy("w:real", "link");
        assertEquals("rwxr-xr-x", mode(here.resolve("link")));
        assertTrue(Files.isSymbolicLink(home.resolve("link")));
    }

    @Test
    void permissionsAndTimesAreKeptWhenAsked() throws Exception {
        FileTime then = FileTime.fromMillis(1_234_567_890_000L);
        Files.setLastModifiedTime(mode(write(here.resolve("d/f"), ""), "rwx-w--wx"), then);
        Files.setLastModifiedTime(mode(here.resolve("d"), "rwxrwxrwx"), then);
        copy(PRESERVED, "d", "w:");
        copy(PRESERVED, "w:d", "back");
        for (Path folder : List.of(home.resolve("d"), here.resolve("back"))) {
            assertEquals("rwxrwxrwx", mode(folder));
            assertEquals(then, Files.getLastModifiedTime(folder));
            assertEquals("rwx-w--wx", mode(folder.resolve("f")));
            assertEquals(then, Files.getLastModifiedTime(folder.resolve("f")));
        }
    }

    @Test
    void theHomeKeepsItsOwnPermissions() throws Exception {
        mode(write(here.resolve("d/f"), "").getParent(), "rwxrwxrwx");
        mode(home, "rwx------");
        copy(PRESERVED, "d/.", "w:");
        assertEquals(List.of("f"), tree(home));
        assertEquals("rwx------", mode(home));
        copy(PRESERVED, "w:", "d");
        assertEquals("rwxrwxrwx", mode(here.resolve("d")));
    }

    @Test
    void linksAreFollowedAndCirclesAreNot() throws Exception {
        for (Path side : List.of(here, home)) {
            write(side.resolve("elsewhere/x"), "1");
            Files.createDirectories(side.resolve("d/sub"));
            Files.createSymbolicLink(side.resolve("d/file"), Path.of("../elsewhere/x"));
            Files.createSymbolicLink(side.resolve("d/folder"), Path.of("../elsewhere"));
            Files.createSymbolicLink(side.resolve("d/sub/up"), Path.of("../../d"));
            Files.createSymbolicLink(side.resolve("d/dangling"), Path.of("none"));
        }
        List<String> copied = List.of("file", "folder", "folder/x", "sub");
        copy(FOLDERS, "d", "w:copy");
        assertEquals(copied, tree(home.resolve("copy")));
        copy(FOLDERS, "w:d", "copy");
        assertEquals(copied, tree(here.resolve("copy")));
        assertEquals(4, said.size(), said.toString());
        assertTrue(said.stream()
                        .filter(line -> line.contains("a link to a folder that it is in"))
                        .count()
                == 2);
        assertTrue(said.contains("Cannot read w:d/dangling: no such file or folder."), said.toString());
    }

    @Test
    void nothingIsExpandedInTheGuest() throws Exception {
        write(home.resolve("a"), "1");
        copy("w:*", "x");
        copy("w:$HOME", "x");
        assertEquals(
                List.of("Cannot read w:*: no such file or folder.", "Cannot read w:$HOME: no such file or folder."),
                said);
        assertFalse(Files.exists(here.resolve("x")));
    }

    @Test
    void whatIsMissingIsSaidAndTheRestCopied() throws Exception {
        write(here.resolve("b"), "1");
        write(home.resolve("c"), "1");
        copy("none", "b", "w:none", "w:c", "w:.");
        assertEquals(2, said.size(), said.toString());
        assertTrue(said.get(0).contains("here/none: no such file"), said.get(0));
        assertEquals("Cannot read w:none: no such file or folder.", said.get(1));
    }

    @Test
    void foldersAndFilesDoNotTakeEachOthersPlace() throws Exception {
        for (Path side : List.of(here, home)) {
            write(side.resolve("d/name/x"), "1");
            write(side.resolve("d/z"), "1");
            write(side.resolve("e/d/name"), "1");
            write(side.resolve("f/d/z/x"), "1");
        }
        copy(FOLDERS, "d", "w:e");
        copy(FOLDERS, "w:d", "e");
        copy(FOLDERS, "d", "w:f");
        copy(FOLDERS, "w:d", "f");
        for (Path side : List.of(here, home)) {
            assertEquals(List.of("d", "d/name", "d/z"), tree(side.resolve("e")));
            assertEquals(List.of("d", "d/name", "d/name/x", "d/z", "d/z/x"), tree(side.resolve("f")));
        }
        assertEquals(4, said.size(), said.toString());
        assertTrue(said.contains("Cannot write w:e/d/name: File exists."), said.toString());
        assertTrue(said.contains("Cannot write w:f/d/z: a folder of that name is there."), said.toString());
    }

    @Test
    void aFolderThatIsNotThereIsSaid() throws Exception {
        write(here.resolve("f"), "1");
        write(home.resolve("f"), "1");
        copy("f", "w:no/where");
        copy("w:f", "no/where");
        assertTrue(said.get(0).matches("Cannot write w:no/where: .*([Nn]o such|nonexistent).*"), said.get(0));
        assertTrue(said.get(1).endsWith("here/no/where: no such file or folder."), said.get(1));
    }

    @Test
    void aDeviceStaysWhatItIs() throws Exception {
        write(here.resolve("f"), "1");
        write(home.resolve("f"), "1");
        copy("f", "w:/dev/null");
        copy("w:f", "/dev/null");
        assertTrue(Files.exists(Path.of("/dev/null")) && !Files.isRegularFile(Path.of("/dev/null")));
        copy("/dev/null", "w:x");
        copy("w:/dev/null", "x");
        assertEquals(2, said.size(), said.toString());
        assertTrue(said.get(0).contains("not a regular file") && said.get(1).contains("not a regular file"));
    }

    @Test
    void whatTheKernelMakesUpHasContent() throws Exception {
        copy("w:/proc/version", "v");
        assertTrue(Files.readString(here.resolve("v")).contains("Linux"));
    }

    @Test
    void aFullDiskHereIsSaid() throws Exception {
        write(home.resolve("f"), "1");
        VirtainerException full = assertThrows(VirtainerException.class, () -> copy("w:f", "/dev/full"));
        assertEquals(Failure.COPY_FAILED, full.failure());
        assertTrue(full.getMessage().startsWith("Cannot write /dev/full: No space left on device."), full.getMessage());
    }

    @Test
    void aFullDiskThereIsSaidAndLeavesNothing() throws Exception {
        Files.write(here.resolve("big"), new byte[5_000_000]);
        // As a full disk, which only root can make: files end at a megabyte.
        guest = new LocalGuest(home, "command sh", "trap '' XFSZ; ulimit -f 2000; ");
        write(home.resolve("big"), "old");
        VirtainerException full = assertThrows(VirtainerException.class, () -> copy("big", "big", "w:"));
        assertEquals(Failure.COPY_FAILED, full.failure());
        assertTrue(full.getMessage().startsWith("Cannot write w:big: File too large."), full.getMessage());
        assertEquals("old", Files.readString(home.resolve("big")));
        assertEquals(List.of("big"), tree(home));
    }

    @Test
    void aGuestThatDiesLeavesNothingHere() throws Exception {
        Files.write(home.resolve("big"), new byte[5_000_000]);
        write(here.resolve("big"), "old");
        guest.dieAfter(2_000_000);
        VirtainerException lost = assertThrows(VirtainerException.class, () -> copy("w:big", "big"));
        assertEquals(Failure.CONNECTION_LOST, lost.failure());
        assertEquals("old", Files.readString(here.resolve("big")));
        assertEquals(List.of("big"), tree(here));
    }

    @Test
    void aConnectionThatEndsLeavesNothingThere() throws Exception {
        Files.write(here.resolve("big"), new byte[5_000_000]);
        guest.dieAfter(2_000_000);
        VirtainerException lost = assertThrows(VirtainerException.class, () -> copy("big", "w:"));
        assertEquals(Failure.CONNECTION_LOST, lost.failure());
        await().until(() -> tree(home).isEmpty());
    }

    @Test
    void anInterruptionLeavesNothing() throws Exception {
        Files.write(home.resolve("big"), new byte[50_000_000]);
        Thread copying = Thread.currentThread();
        Meter meter = new Meter(line -> copying.interrupt(), shown::add, System::nanoTime);
        assertThrows(
                InterruptedException.class,
                () -> new Copying(FOLDERS, Map.of(new VmName("w"), guest), new Complaints(said::add), meter)
                        .copy(List.of(Place.parse("w:big")), Place.parse("w:copy")));
        await().until(() -> tree(home).equals(List.of("big")));
    }

    @Test
    void aFileThatShrinksGetsNoName() throws Exception {
        Target target =
                new GuestTarget((Place.InGuest) Place.parse("w:"), ".", guest, FOLDERS, new Complaints(said::add), 0);
        try (target) {
            byte[] once = {1, 2, 3};
            int[] calls = {0};
            target.file(new Meta("f", 0644, 0, 2_000_000), buffer -> {
                System.arraycopy(once, 0, buffer, 0, once.length);
                return calls[0]++ == 0 ? once.length : -1;
            });
            target.file(new Meta("g", 0644, 0, 0), buffer -> -1);
            target.finish();
        }
        saidOnce("it shrank while it was read");
        assertEquals(List.of("g"), tree(home));
    }

    @Test
    void aGuestThatLiesAboutNamesStaysBelow() throws Exception {
        String lie =
                "printf 'virtainer-cp\\0D 755 0 d\\0F 644 0 1 ../../evil\\0x.\\0D 755 0 ..\\0F 644 0 1 f\\0x.\\0U\\0"
                        + "F 644 0 1 good\\0x.\\0U\\0'; exit; ";
        guest = new LocalGuest(home, "command sh", lie);
        copy(FOLDERS, "w:d", "d");
        assertEquals(2, said.size(), said.toString());
        assertEquals(List.of("d", "d/good"), tree(here));
        assertEquals(List.of("here", "here/d", "here/d/good", "home"), tree(directory));
    }

    @Test
    void aGuestThatEndsInTheMiddleOfAFileIsSaid() throws Exception {
        guest = new LocalGuest(home, "command sh", "printf 'virtainer-cp\\0F 644 0 5 f\\0xxx'; exit 0; ");
        VirtainerException broken = assertThrows(VirtainerException.class, () -> copy("w:f", "f"));
        assertTrue(broken.getMessage().contains("it changed while it was read"), broken.getMessage());
        assertEquals(List.of(), tree(here));
    }

    @Test
    void aGuestWithoutAShellIsSaid() throws Exception {
        write(here.resolve("f"), "1");
        guest = new LocalGuest(home, "command sh", "echo No logins today.; exit 1; ");
        VirtainerException refused = assertThrows(VirtainerException.class, () -> copy("f", "w:"));
        assertTrue(refused.getMessage().contains("No logins today."), refused.getMessage());
    }
}
