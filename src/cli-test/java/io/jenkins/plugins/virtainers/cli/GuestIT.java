package io.jenkins.plugins.virtainers.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.virtainers.docker.RealHosts;
import io.jenkins.plugins.virtainers.docker.SeedImages;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people do with the command, with real guests. Needs images/build debian:12. */
class GuestIT extends CommandTest {
    private static final String IMAGE = "debian:12";
    /** Megabytes of memory that no other test asks for. */
    private static final int ODD_SIZE = 600;

    private static final int HUNDRED_MEGABYTES = 100 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** One machine for all the tests that do it no harm. */
    private static final String SHARED =
            "virtainer-guest-it-" + ProcessHandle.current().pid();

    @TempDir
    static Path state;

    private static JsonNode shared;

    @BeforeAll
    static void boot() throws Exception {
        Map<String, String> environment =
                Map.of("DOCKER_HOST", RealHosts.docker().toString());
        try (CommandRun run =
                CommandRun.start(state, environment, NO_INPUT, "run", "--name", SHARED, "--json", IMAGE)) {
            assertEquals(0, run.status(), run.err());
            shared = JSON.readTree(run.out());
        }
    }

    @AfterAll
    static void remove() {
        if (shared == null) {
            return;
        }
        Map<String, String> environment =
                Map.of("DOCKER_HOST", RealHosts.docker().toString());
        try (CommandRun run = CommandRun.start(state, environment, NO_INPUT, "rm", SHARED)) {
            assertEquals(0, run.status(), run.err());
        }
    }

    /** A command with the state that knows the shared machine. */
    private CommandRun onShared(File input, String... arguments) {
        return keep(CommandRun.start(state, environment(Map.of()), input, arguments));
    }

    private CommandRun ssh(File input, String... command) {
        List<String> arguments = new ArrayList<>(List.of("ssh", SHARED, "--"));
        arguments.addAll(List.of(command));
        return onShared(input, arguments.toArray(String[]::new));
    }

    @Test
    void ipPrintsAnAddressAtWhichTheMachineAnswers() throws Exception {
        CommandRun run = onShared(NO_INPUT, "ip", SHARED);
        assertEquals(0, run.status(), run.err());
        String address = run.out().strip();
        assertEquals(List.of(address), host.inspect(SHARED).orElseThrow().addresses());
        try (Socket socket = new Socket(address, 22)) {
            assertEquals("SSH-", new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void natGivesTheGuestEveryPortOfItsAddress() throws Exception {
        String name = name();
        CommandRun run = start("run", "--name", name, "--network", "nat", "--boot", "restore", "--json", IMAGE);
        assertEquals(0, run.status(), run.err());
        try {
            CommandRun ssh = start("ssh", name, "--", "sudo", "ip", "-4", "-o", "address", "show", "scope", "global");
            assertEquals(0, ssh.status(), ssh.err());
            assertTrue(ssh.out().contains(" 10.0.2.15/24 "), ssh.out());
            CommandRun listen = start(
                    "ssh",
                    name,
                    "--",
                    "sh",
                    "-c",
                    "nohup python3 -m http.server 8123 </dev/null >/dev/null 2>&1 &"
                            + " until curl -s http://localhost:8123/ >/dev/null; do sleep 0.2; done");
            assertEquals(0, listen.status(), listen.err());
            try (java.net.Socket socket = new java.net.Socket()) {
                socket.connect(
                        new java.net.InetSocketAddress(
                                host.inspect(name).orElseThrow().addresses().get(0), 8123),
                        20_000);
            }
        } finally {
            assertEquals(0, start("rm", name).status());
        }
    }

    /** What a shell makes of a line with the command of this source tree in it, in no locale at all. */
    private String inNoLocale(int status, String line) throws Exception {
        Process shell = new ProcessBuilder(
                        "env",
                        "-i",
                        "PATH=" + System.getenv("PATH"),
                        "JAVA_HOME=" + System.getProperty("java.home"),
                        "DOCKER_HOST=" + endpoint,
                        "XDG_STATE_HOME=" + state,
                        "VM=" + SHARED,
                        "bash",
                        "-o",
                        "pipefail",
                        "-c",
                        line)
                .redirectErrorStream(true)
                .start();
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(status, shell.waitFor(), said);
        return said;
    }

    @Test
    void textIsUtf8WhateverTheLocale() throws Exception {
        assertEquals(
                " c3 bc e2 82 ac",
                inNoLocale(
                                0,
                                "./virtainer ssh $VM -- printf %s \"$(printf '\\303\\274\\342\\202\\254')\" 2>/dev/null | od -An -tx1")
                        .stripTrailing());
        assertEquals(
                "content",
                inNoLocale(
                                0,
                                "file=" + directory + "/$(printf 'f\\303\\274r').txt; echo content > $file;"
                                        + " ./virtainer cp --quiet $file $VM:/tmp/ && ./virtainer ssh $VM -- cat /tmp/${file##*/} 2>/dev/null")
                        .strip());
        assertEquals(
                "für €",
                inNoLocale(0, "printf 'f\\303\\274r \\342\\202\\254' | ./virtainer ssh $VM -- cat 2>/dev/null")
                        .strip());
        String wrong = inNoLocale(64, "./virtainer run --name x --user-data \"$(printf 'f\\303\\274r')\" debian:12");
        assertTrue(wrong.contains("für"), wrong);
    }

    @Test
    void whatCannotBeWrittenIsNoSuccess() throws Exception {
        String said = inNoLocale(94, "./virtainer ssh $VM -- seq 100000 >/dev/full");
        assertTrue(said.contains("virtainer: cannot write what is printed: No space left on device."), said);
        for (String command : List.of("ps --json", "doctor", "images", "ip $VM", "templates ls")) {
            inNoLocale(94, "./virtainer " + command + " >/dev/full");
        }
        assertEquals(
                "y",
                inNoLocale(141, "./virtainer ssh $VM -- yes 2>/dev/null | head -n 1")
                        .strip());
    }

    @Test
    void aMachineThatIsSwitchedOffKeepsItsDiskKeysAndName() throws Exception {
        String name = name();
        String renamed = name + "-renamed";
        // Longer than an engine waits for a container that was promised nothing.
        String slow = "sudo systemd-run --quiet --unit=slow -p RemainAfterExit=yes"
                + " -p 'ExecStop=/bin/sh -c \"sleep 12; echo kept >/home/debian/kept\"' true";
        CommandRun run = start("run", "--name", name, IMAGE);
        assertEquals(0, run.status(), run.err());
        try {
            assertEquals("125\n", output("docker", "inspect", "--format", "{{.Config.StopTimeout}}", name));
            assertEquals(0, start("ssh", name, "--", "sh", "-c", slow).status());
            output("docker", "stop", name);
            expect(81, "Start it: virtainer start " + name, "ssh", name, "--", "true");
            CommandRun again = start("start", name);
            assertEquals(0, again.status(), again.err());
            assertTrue(again.out().contains("name     " + name), again.out());
            assertKept(name);
            output("docker", "pause", name);
            expect(81, "its container is paused. Let it go on: docker unpause " + name, "ssh", name, "--", "true");
            output("docker", "unpause", name);
            output("docker", "rename", name, renamed);
            assertKept(renamed);
            CommandRun cut = start("restart", "--timeout", "1s", renamed);
            assertEquals(0, cut.status(), cut.err());
            assertTrue(cut.err().contains(renamed + " was cut off: its guest was not off within the 1 s"), cut.err());
            assertKept(renamed);
            assertEquals(0, start("rm", renamed).status());
        } finally {
            output("docker", "rm", "--force", "--volumes", name, renamed);
        }
    }

    private void assertKept(String machine) {
        CommandRun kept = start("ssh", machine, "--", "cat", "kept");
        assertEquals(0, kept.status(), kept.err());
        assertEquals("kept", kept.out().strip());
    }

    @Test
    void aMachineWithoutAScreenSaysSo() {
        Path picture = directory.resolve("screen.png");
        CommandRun run = onShared(NO_INPUT, "screenshot", SHARED, picture.toString());
        expect(run, Failure.NO_SCREEN.exitStatus(), "has no screen; start its container with VNC=on");
        assertFalse(Files.exists(picture));
    }

    @Test
    void sshTakesALineForTheShellAsOneWord() throws Exception {
        CommandRun line = onShared(NO_INPUT, "ssh", SHARED, "cd /usr && pwd; echo $((6 * 7))");
        assertEquals(0, line.status(), line.err());
        assertEquals("/usr\n42\n", line.out());
        CommandRun words = onShared(NO_INPUT, "ssh", SHARED, "--", "echo", "a  b", "$HOME");
        assertEquals(0, words.status(), words.err());
        assertEquals("a  b $HOME\n", words.out());
    }

    @Test
    void ipOfNoMachineIsASentence() {
        expect(Failure.NO_SUCH_VM.exitStatus(), "There is no virtual machine no-such-machine", "ip", "no-such-machine");
    }

    @Test
    void dryRunPrintsALineAndMakesNothing() throws Exception {
        String name = name();
        CommandRun run = start("run", "--dry-run", "--name", name, "--memory", "2G", IMAGE);
        assertEquals(0, run.status(), run.err());
        assertTrue(run.out().contains("docker run --detach --name " + name + " "), run.out());
        assertTrue(run.out().contains(" --network virtainers "), run.out());
        assertTrue(run.out().contains(" --env RAM=2048 "), run.out());
        assertTrue(run.out().endsWith(" virtainers/debian:12\n"), run.out());
        assertTrue(host.inspect(name).isEmpty());
    }

    @Test
    void execPassesTheStatusOnAndLeavesNothing() {
        CommandRun run = start("exec", "--name", name(), IMAGE, "--", "sh", "-c", "exit 7");
        assertEquals(7, run.status(), run.err());
    }

    @Test
    @Tag("long")
    void execMakesTheTemplateThatItsMachineLacksAndLeavesNothingAtWork() throws Exception {
        for (String key : templatesOfOddSize()) {
            assertEquals(0, start("templates", "rm", key).status());
        }
        CommandRun first = execOnOddSize("auto");
        assertEquals(0, first.status(), first.err());
        assertTrue(first.out().contains("VERSION_CODENAME=bookworm"), first.out());
        List<String> made = templatesOfOddSize();
        assertEquals(1, made.size(), first.err());
        String maker = "virtainer-template-" + made.get(0).substring(0, 12);
        assertTrue(host.inspect(maker).isEmpty(), maker + " is at work");
        CommandRun second = execOnOddSize("restore");
        assertEquals(0, second.status(), second.err());
    }

    private CommandRun execOnOddSize(String boot) {
        return start(
                "exec",
                "--name",
                name(),
                "--memory",
                ODD_SIZE + "M",
                "--boot",
                boot,
                IMAGE,
                "--",
                "cat",
                "/etc/os-release");
    }

    private List<String> templatesOfOddSize() throws Exception {
        CommandRun list = start("templates", "ls", "--json");
        assertEquals(0, list.status(), list.err());
        List<String> keys = new ArrayList<>();
        for (JsonNode template : JSON.readTree(list.out())) {
            if (template.get("memory").asLong() == (long) ODD_SIZE << 20) {
                keys.add(template.get("key").asText());
            }
        }
        return keys;
    }

    @Test
    @Tag("long")
    void aSeedIsAllThatCloudInitIsTold() throws Exception {
        Path seed = SeedImages.write(directory.resolve("seed.iso"));
        CommandRun run = start(
                "exec",
                "--name",
                name(),
                "--seed",
                seed.toString(),
                "debian:12",
                "--",
                "sh",
                "-c",
                "cat /etc/from-seed; sudo cloud-init query instance_id");
        assertEquals(0, run.status(), run.err());
        assertEquals("a seed\nof-seed\n", run.out());
    }

    @Test
    void execRunsTwiceAtOnce() {
        CommandRun one = start("exec", "--name", name(), IMAGE, "--", "cat", "/etc/machine-id");
        CommandRun other = start("exec", "--name", name(), IMAGE, "--", "cat", "/etc/machine-id");
        assertEquals(0, one.status(), one.err());
        assertEquals(0, other.status(), other.err());
        assertNotEquals(one.out(), other.out(), "two guests with one machine id");
    }

    @Test
    void execEndsInOrderWhenItIsInterruptedWhileTheCommandRuns() throws Exception {
        CommandRun run = start("exec", "--name", name(), IMAGE, "--", "sh", "-c", "echo started; sleep 600");
        run.awaitOut("started");
        run.signal("INT");
        assertEquals(130, run.status(), run.err());
    }

    @Test
    void execNoticesThatItsMachineWasKilledWhileInUse() throws Exception {
        String name = name();
        CommandRun run = start("exec", "--name", name, IMAGE, "--", "sh", "-c", "echo started; sleep 600");
        run.awaitOut("started");
        host.remove(host.inspect(name).orElseThrow().id());
        assertTrue(
                List.of(Failure.CONTAINER_ENDED.exitStatus(), Failure.CONNECTION_LOST.exitStatus())
                        .contains(run.status()),
                run.status() + " " + run.err());
    }

    @Test
    void passesAnyStatusOn() {
        assertEquals(137, ssh(NO_INPUT, "sh", "-c", "exit 137").status());
        assertEquals(0, ssh(NO_INPUT, "true").status());
    }

    @Test
    void streamsAHundredMegabytesInAndOut() throws Exception {
        Path file = randomFile();
        CommandRun in = ssh(file.toFile(), "sha256sum");
        assertEquals(0, in.status(), in.err());
        assertEquals(sha256(file), in.out().split(" ", 2)[0]);
        CommandRun out = ssh(
                NO_INPUT,
                "sh",
                "-c",
                "head -c 104857600 /dev/urandom > /tmp/out && sha256sum < /tmp/out >&2 && cat /tmp/out; rm /tmp/out");
        assertEquals(0, out.status(), out.err());
        assertEquals(HUNDRED_MEGABYTES, Files.size(out.outFile()));
        assertTrue(out.err().contains(sha256(out.outFile())), out.err());
    }

    @Test
    void copiesAHundredMegabytesBothWays() throws Exception {
        Path file = randomFile();
        assertEquals(
                0,
                onShared(NO_INPUT, "cp", file.toString(), SHARED + ":/tmp/copied")
                        .status());
        Path back = directory.resolve("back");
        CommandRun download = onShared(NO_INPUT, "cp", SHARED + ":/tmp/copied", back.toString());
        assertEquals(0, download.status(), download.err());
        assertEquals(sha256(file), sha256(back));
        expect(
                onShared(NO_INPUT, "cp", SHARED + ":/tmp/none", back.toString()),
                Failure.COPY_FAILED.exitStatus(),
                "Cannot read " + SHARED + ":/tmp/none: no such file");
        expect(onShared(NO_INPUT, "cp", "/none", SHARED + ":/tmp/x"), Failure.COPY_FAILED.exitStatus(), "no such file");
    }

    @Test
    void copiesAFolderThereAndBack() throws Exception {
        Path folder = Files.createDirectories(directory.resolve("für €"));
        Files.createDirectory(folder.resolve("empty"));
        Path script = Files.writeString(folder.resolve("-it's\nhere"), "echo ran");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x---"));
        Files.setLastModifiedTime(script, FileTime.fromMillis(1_234_567_890_000L));
        for (int i = 0; i < 200; i++) {
            Files.writeString(folder.resolve("f" + i), "x".repeat(i));
        }
        CommandRun up = onShared(NO_INPUT, "cp", "-r", "-p", folder.toString(), SHARED + ":");
        assertEquals(0, up.status(), up.err());
        assertEquals("", up.err(), "no progress where nobody watches");
        CommandRun there = ssh(NO_INPUT, "stat", "-c", "%a %Y", "für €/-it's\nhere");
        assertEquals(0, there.status(), there.err());
        assertEquals("750 1234567890", there.out().strip());
        CommandRun down = onShared(NO_INPUT, "cp", "-rp", SHARED + ":für €/", directory + "/back");
        assertEquals(0, down.status(), down.err());
        assertEquals("", output("diff", "-r", folder.toString(), directory + "/back"));
        assertTrue(Files.isDirectory(directory.resolve("back/empty")));
        Path back = directory.resolve("back/-it's\nhere");
        assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(back)));
        assertEquals(1_234_567_890_000L, Files.getLastModifiedTime(back).toMillis());
        expect(
                onShared(NO_INPUT, "cp", folder.toString(), script.toString(), SHARED + ":/tmp/none/"),
                Failure.COPY_FAILED.exitStatus(),
                "it is not a folder");
        assertEquals(0, ssh(NO_INPUT, "rm", "-r", "für €").status());
    }

    @Test
    void saysThatTheGuestsDiskIsFullAndLeavesNothing() throws Exception {
        String mount = "sudo mkdir -p /mnt/small && sudo mount -t tmpfs -o size=1m,mode=777 none /mnt/small";
        assertEquals(0, ssh(NO_INPUT, "sh", "-c", mount).status());
        expect(
                onShared(NO_INPUT, "cp", randomFile().toString(), SHARED + ":/mnt/small/big"),
                Failure.COPY_FAILED.exitStatus(),
                "Cannot write " + SHARED + ":/mnt/small/big: No space left on device.");
        CommandRun left = ssh(NO_INPUT, "ls", "-A", "/mnt/small");
        assertEquals(0, left.status(), left.err());
        assertEquals("", left.out());
        expect(
                onShared(NO_INPUT, "cp", SHARED + ":/etc/passwd", "/dev/full"),
                Failure.COPY_FAILED.exitStatus(),
                "Cannot write /dev/full: No space left on device.");
        expect(
                onShared(
                        NO_INPUT,
                        "cp",
                        Files.writeString(directory.resolve("small"), "1").toString(),
                        SHARED + ":/usr/big"),
                Failure.COPY_FAILED.exitStatus(),
                "Cannot write " + SHARED + ":/usr/big: Permission denied.");
        assertEquals(0, ssh(NO_INPUT, "sudo", "umount", "/mnt/small").status());
    }

    @Test
    void showsNoPrivateKeyToAnybody() throws Exception {
        String container = shared.get("container").asText();
        String inspected = output("docker", "inspect", container);
        String logged = output("docker", "logs", container);
        String processes = output("docker", "top", container, "-eo", "args");
        String files = output("docker", "exec", container, "sh", "-c", "ls /tmp /run/virtainers; cat /tmp/* 2>&1");
        assertTrue(inspected.contains("io.virtainers.hostkey"), "the right container");
        for (String seen : List.of(inspected, logged, processes, files)) {
            assertFalse(seen.contains("PRIVATE KEY"), seen);
        }
    }

    @Test
    void pinsTheHostKeyForOpenSshToo() throws Exception {
        List<String> command = new ArrayList<>();
        shared.get("ssh").forEach(word -> command.add(word.asText()));
        command.add(1, "-oBatchMode=yes");
        command.add("echo in the guest");
        Process pinned = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(pinned.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, pinned.waitFor(), said);
        assertTrue(said.contains("in the guest"), said);

        Path others = directory.resolve("known_hosts");
        Files.writeString(
                others,
                shared.get("host").asText() + " "
                        + new OpenSshKeys().ed25519("x").publicLine() + "\n");
        command.replaceAll(word -> word.startsWith("UserKnownHostsFile=") ? "UserKnownHostsFile=" + others : word);
        Process refused = new ProcessBuilder(command).redirectErrorStream(true).start();
        String refusal = new String(refused.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertNotEquals(0, refused.waitFor(), refusal);
        assertFalse(refusal.contains("in the guest"), refusal);
    }

    @Test
    void refusesAWrongKey() throws Exception {
        Path key = Files.createFile(
                directory.resolve("key"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, new OpenSshKeys().ed25519("stranger").privatePem());
        expect(
                onShared(NO_INPUT, "ssh", "-i", key.toString(), SHARED, "--", "true"),
                Failure.LOGIN_REFUSED.exitStatus(),
                "the guest refuses the key");
    }

    @Test
    void listsItAndShowsItsLog() throws Exception {
        CommandRun list = onShared(NO_INPUT, "ps", "--json");
        assertEquals(0, list.status(), list.err());
        assertTrue(list.out().contains(SHARED), list.out());
        CommandRun log = onShared(NO_INPUT, "logs", SHARED);
        assertEquals(0, log.status(), log.err());
        // The guest's console is on the output, and a restored guest may have said nothing there.
        assertTrue(log.err().contains("ready: SSH answers"), log.err());
    }

    @Test
    void tellsTheTruthAboutAKvmThatCannotRunAGuest() throws Exception {
        CommandRun run = start("doctor", "--json");
        run.status(); // which the state of the whole host decides
        JsonNode findings = JSON.readTree(run.out());
        JsonNode acceleration = null;
        for (JsonNode finding : findings) {
            if (finding.get("subject").asText().equals("acceleration")) {
                acceleration = finding;
            }
        }
        boolean virtualizes = Files.readString(Path.of("/proc/cpuinfo")).matches("(?s).*\\b(vmx|svm)\\b.*");
        boolean works = Files.exists(Path.of("/dev/kvm")) && virtualizes;
        assertEquals(works ? "fine" : "slow", acceleration.get("verdict").asText(), findings.toString());
        if (!works) {
            assertTrue(acceleration.get("fact").asText().contains("/dev/kvm"), findings.toString());
        }
    }

    private Path randomFile() throws IOException {
        Path file = directory.resolve("random");
        byte[] block = new byte[1 << 20];
        Random random = new Random(42);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (int written = 0; written < HUNDRED_MEGABYTES; written += block.length) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        return file;
    }

    private static String sha256(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private String output(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("DOCKER_HOST", endpoint.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
