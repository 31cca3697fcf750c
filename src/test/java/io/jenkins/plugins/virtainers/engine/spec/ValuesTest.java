package io.jenkins.plugins.virtainers.engine.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.engine.failure.InvalidSpecException;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.io.ConsoleTail;
import io.jenkins.plugins.virtainers.engine.io.ContainerFile;
import io.jenkins.plugins.virtainers.engine.io.GuestExit;
import io.jenkins.plugins.virtainers.engine.io.LineReader;
import io.jenkins.plugins.virtainers.engine.io.RuntimeEvent;
import io.jenkins.plugins.virtainers.engine.io.ShellWords;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
    private static final ImageRef DEBIAN = ImageRef.parse("debian:12");

    @ParameterizedTest
    @CsvSource({"512M, 512M", "4G, 4G", "4GiB, 4G", "1536m, 1536M", "1 T, 1T", "2048K, 2M"})
    void readsSizes(String written, String shown) {
        assertEquals(shown, MemorySize.parse(written).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lots", "4", "-1G", "1.5G", "4GG", "999999999999T", "0M"})
    void refusesWhatIsNoSizeInASentence(String written) {
        InvalidSpecException no = assertThrows(InvalidSpecException.class, () -> MemorySize.parse(written));
        assertTrue(no.getMessage().startsWith("Memory "), no.getMessage());
        assertEquals(Failure.USAGE, no.failure());
    }

    @ParameterizedTest
    @CsvSource({
        "debian:12, virtainers/debian:12, debian:12",
        "debian, virtainers/debian:latest, debian:latest",
        "example.org:5000/team/fedora:30, example.org:5000/team/fedora:30, example.org:5000/team/fedora:30",
        "someone/debian:12, someone/debian:12, someone/debian:12",
    })
    void readsImageReferences(String written, String reference, String shown) {
        assertEquals(reference, ImageRef.parse(written).reference());
        assertEquals(shown, ImageRef.parse(written).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "debian:", "Debian:12", "debian 12", "../debian", "debian:12;rm", "-debian"})
    void refusesWhatIsNoImageReference(String written) {
        assertThrows(InvalidSpecException.class, () -> ImageRef.parse(written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "A", "a.b", "a_b", "a b"})
    void refusesNamesThatNoHostMayHave(String written) {
        assertThrows(InvalidSpecException.class, () -> new VmName(written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-web", "web-", "a b", "web..corp", "web_1", "web;id", "$(id)"})
    void refusesHostNamesThatNoMachineMayHave(String written) {
        assertThrows(InvalidSpecException.class, () -> new Naming(Optional.of(written), List.of(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"db:10.1.2.3", "db_1.corp.example:fd00::7", "host.internal:host-gateway", "six:::1"})
    void readsHostsWithTheirAddress(String written) {
        assertEquals(written, Naming.ExtraHost.parse(written).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "db", "db:", ":10.1.2.3", "db:10.1.2", "db:10.1.2.3/24", "d b:10.1.2.3", "db:x"})
    void refusesWhatIsNoHostWithItsAddress(String written) {
        assertThrows(InvalidSpecException.class, () -> Naming.ExtraHost.parse(written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "-1", "ssh", "22/udp"})
    void refusesWhatIsNoPort(String written) {
        assertThrows(InvalidSpecException.class, () -> Port.parse(written));
    }

    @ParameterizedTest
    @CsvSource({
        "80, 80",
        "80/tcp, 80",
        "8080:80, 8080:80",
        ":80, 80",
        "127.0.0.1:8080:80, 127.0.0.1:8080:80",
        "0.0.0.0::80, 0.0.0.0::80",
        "[::1]:8080:80, [::1]:8080:80",
        "[::]::80, [::]::80",
    })
    void readsPublishedPortsAsDockerHasThem(String written, String shown) {
        PublishedPort port = PublishedPort.parse(written);
        assertEquals(shown, port.toString());
        assertEquals(80, port.guest().number());
        assertEquals(port, PublishedPort.parse(shown));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "http",
                "80:",
                "a:80",
                "0:80",
                "53/udp",
                "1:2:3:4",
                "127.0.0.1:80",
                "[::1]:80",
                "host:80:80",
                "10.0.0.0/8:80:80",
                "::1:80:80",
                "80-90"
            })
    void refusesWhatIsNoPublishedPort(String written) {
        assertThrows(InvalidSpecException.class, () -> PublishedPort.parse(written));
    }

    @Test
    void publishesSshOnceWhereverItIsWanted() {
        VmSpec spec = VmSpec.of(DEBIAN)
                .port(PublishedPort.parse("2222:22"))
                .port(PublishedPort.parse("80"))
                .port(PublishedPort.parse("80"))
                .build();
        assertEquals(List.of(PublishedPort.parse("2222:22"), PublishedPort.parse("80")), spec.ports());
    }

    @Test
    void fillsEveryDefault() {
        VmSpec spec = VmSpec.of(DEBIAN).build();
        assertEquals(1, spec.cpus());
        assertEquals(MemorySize.parse("1G"), spec.memory());
        assertEquals(List.of(PublishedPort.SSH), spec.ports());
        assertEquals(Optional.empty(), spec.lease());
    }

    @Test
    void refusesEverythingThatIsOutOfRange() {
        List<Consumer<VmSpec.Builder>> wrongs = List.of(
                spec -> spec.cpus(0),
                spec -> spec.cpus(256),
                spec -> spec.memory(MemorySize.parse("64M")),
                spec -> spec.authorizedKey("no key"),
                spec -> spec.env("RAM", "1"),
                spec -> spec.diskImage(new DiskImage.AtAddress("https://example.org/disk")),
                spec -> spec.env("a b", "1"),
                spec -> spec.ephemeral(Duration.ZERO),
                spec -> spec.bootTimeout(Duration.ofMillis(1)),
                spec -> spec.stopTimeout(Duration.ZERO));
        for (Consumer<VmSpec.Builder> wrong : wrongs) {
            VmSpec.Builder spec = VmSpec.of(DEBIAN);
            wrong.accept(spec);
            assertThrows(InvalidSpecException.class, spec::build);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "disk.qcow2", "ftp://example.org/disk", "https://example.org", "https://a b/disk"})
    void refusesWhatIsNoAddressOfADiskImage(String written) {
        assertThrows(InvalidSpecException.class, () -> new DiskImage.AtAddress(written));
    }

    @Test
    void doesNotRepeatTheLoginOfAnAddress() {
        DiskImage image = new DiskImage.AtAddress("https://me:pass@example.org/disk");
        assertEquals("https://example.org/disk", image.toString());
        InvalidSpecException no =
                assertThrows(InvalidSpecException.class, () -> new DiskImage.AtAddress("https://me:pass@example.org"));
        assertFalse(no.getMessage().contains("pass"), no.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"32808, CIDATA, 32", "32808, cidata, 32", "43, cidata, 11", "71, CIDATA, 11", "32808, config-2, 32"})
    void knowsTheSeedsThatCloudInitLooksFor(int offset, String name, int length) {
        byte[] image = new byte[offset + length];
        byte[] padded = (name + " ".repeat(length - name.length())).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(padded, 0, image, offset, length);
        ContainerFile.Content content = ContainerFile.Content.of(image);
        assertEquals(content, new SeedImage(content).content());
        image[offset] = 'X';
        assertThrows(InvalidSpecException.class, () -> new SeedImage(ContainerFile.Content.of(image)));
    }

    @Test
    void refusesASeedThatIsNoVolume() {
        for (byte[] image : List.of(new byte[0], "cidata".getBytes(StandardCharsets.US_ASCII), new byte[40_000])) {
            assertThrows(InvalidSpecException.class, () -> new SeedImage(ContainerFile.Content.of(image)));
        }
    }

    @Test
    void doesNotRepeatAPrivateKeyThatWasGivenAsAPublicOne() {
        String pem = new OpenSshKeys().ed25519("me").privatePem();
        InvalidSpecException no = assertThrows(
                InvalidSpecException.class,
                () -> VmSpec.of(DEBIAN).authorizedKey(pem).build());
        assertFalse(no.getMessage().contains("PRIVATE"), no.getMessage());
    }

    @Test
    void refusesAPasswordThatVncWouldCutOffAndDoesNotShowIt() {
        for (String password : List.of("", "nine char", "f\u00fcnf", "a\nb")) {
            InvalidSpecException no = assertThrows(InvalidSpecException.class, () -> new VncPassword(password));
            assertTrue(password.isEmpty() || !no.getMessage().contains(password), no.getMessage());
        }
        assertEquals("a b\"c'd$", new VncPassword("a b\"c'd$").value());
        assertFalse(VncPassword.random().equals(VncPassword.random()));
    }

    @Test
    void givesEveryFailureAStatusAndACodeOfItsOwn() {
        List<Failure> failures = Arrays.asList(Failure.values());
        assertEquals(
                failures.size(),
                new HashSet<>(failures.stream().map(Failure::exitStatus).toList()).size());
        assertEquals(
                failures.size(),
                new HashSet<>(failures.stream().map(Failure::code).toList()).size());
    }

    @Test
    void readsTheRuntimesLinesAndNoOthers() {
        RuntimeEvent ready = RuntimeEvent.parse("virtainers: +12.345s ready: SSH answers on port 22")
                .orElseThrow();
        assertEquals(Duration.ofMillis(12345), ready.at());
        assertTrue(ready.is("ready"));
        assertEquals("SSH answers on port 22", ready.text());
        assertEquals(Optional.empty(), RuntimeEvent.parse("ready: SSH answers on port 22"));
        assertEquals(Optional.empty(), RuntimeEvent.parse("virtainers: +1.5s ready: no milliseconds"));
    }

    @Test
    void takesTheHarmOutOfAConsole() {
        assertEquals(
                "red title  end",
                ConsoleTail.clean("\u001b[31mred\u001b[0m \u001b]0;evil\u0007title\t\u0008 \u009bend\r"));
    }

    @Test
    void cutsLinesHoweverTheyArrive() {
        List<String> lines = new ArrayList<>();
        LineReader reader = new LineReader(lines::add);
        for (String chunk : List.of("a", "b\r\nc\n", "\nd")) {
            reader.accept(chunk.getBytes(StandardCharsets.UTF_8));
        }
        reader.finish();
        assertEquals(List.of("ab", "c", "", "d"), lines);
    }

    @Test
    void quotesWordsForAShell() throws Exception {
        List<String> words = List.of("printf", "%s|", "plain", "", "it's", "a b", "$HOME", "*", "`id`", "\\", "ü\n");
        Process shell = new ProcessBuilder("sh", "-c", ShellWords.join(words)).start();
        assertEquals(
                "plain||it's|a b|$HOME|*|`id`|\\|ü\n|",
                new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    @Test
    void writesKeysThatOpenSshReads() throws Exception {
        SshKeyPair pair = new OpenSshKeys().ed25519("somebody");
        java.nio.file.Path file = java.nio.file.Files.createTempFile(
                "key",
                "",
                java.nio.file.attribute.PosixFilePermissions.asFileAttribute(
                        java.nio.file.attribute.PosixFilePermissions.fromString("rw-------")));
        try {
            java.nio.file.Files.writeString(file, pair.privatePem());
            Process keygen = new ProcessBuilder("ssh-keygen", "-y", "-f", file.toString()).start();
            String derived = new String(keygen.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assertEquals(pair.publicLine(), derived);
        } finally {
            java.nio.file.Files.delete(file);
        }
    }

    @Test
    void translatesSignalsAsAShellDoes() {
        assertEquals(137, GuestExit.ofSignal("KILL").shellStatus());
        assertEquals(7, GuestExit.ofStatus(7).shellStatus());
    }
}
