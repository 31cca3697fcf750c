package io.jenkins.plugins.virtainers.docker;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * OpenSSH's server on this machine, behind which its engines are, and an ssh command that knows it. Needs root.
 *
 * @param address where it listens
 * @param bin a folder with that command, for PATH: OpenSSH looks for its configuration in the home that the system
 *     knows, whatever HOME says
 */
public record SshServer(String address, int port, Path folder, Path bin, Process process) implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/sshd");

    /**
     * Starts it.
     *
     * @param path what commands over there are looked for in
     */
    public static SshServer start(Path folder, String address, int port, String path) throws Exception {
        return start(folder, address, port, path, List.of());
    }

    /**
     * Starts it elsewhere.
     *
     * @param where what runs a command there, such as {@code ip netns exec}
     */
    static SshServer start(Path folder, String address, int port, String path, List<String> where) throws Exception {
        if (!Files.isExecutable(PROGRAM) || !"root".equals(System.getProperty("user.name"))) {
            throw RealHosts.skip(
                    "OPENSSH'S SERVER IS NOT HERE, OR THIS IS NOT ROOT: THE TESTS OF ENGINES BEHIND SSH WERE SKIPPED");
        }
        Files.createDirectories(Path.of("/run/sshd"));
        for (String key : List.of("host", "user")) {
            run(
                    "ssh-keygen",
                    "-q",
                    "-t",
                    "ed25519",
                    "-N",
                    "",
                    "-f",
                    folder.resolve(key).toString());
        }
        Files.writeString(folder.resolve("sshd_config"), """
                ListenAddress %1$s
                Port %2$d
                HostKey %3$s/host
                AuthorizedKeysFile %3$s/user.pub
                StrictModes no
                PidFile none
                UsePAM no
                PermitRootLogin prohibit-password
                SetEnv PATH=%4$s
                """.formatted(address, port, folder, path));
        Files.writeString(
                folder.resolve("known_hosts"),
                "[%s]:%d %s".formatted(address, port, Files.readString(folder.resolve("host.pub"))));
        Files.writeString(folder.resolve("config"), """
                Host *
                  IdentityFile %1$s/user
                  IdentitiesOnly yes
                  UserKnownHostsFile %1$s/known_hosts
                  StrictHostKeyChecking yes
                  BatchMode yes
                """.formatted(folder));
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Path ssh = Files.writeString(
                bin.resolve("ssh"), "#!/bin/sh\nexec /usr/bin/ssh -F '%s/config' \"$@\"\n".formatted(folder));
        Files.setPosixFilePermissions(ssh, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> line = new ArrayList<>(where);
        line.addAll(List.of(
                PROGRAM.toString(),
                "-D",
                "-e",
                "-f",
                folder.resolve("sshd_config").toString()));
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        SshServer server = new SshServer(address, port, folder, bin, process);
        try {
            await("sshd").atMost(Duration.ofSeconds(30)).until(() -> listens(address, port));
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** Its user's way to an engine over there. */
    public String engine(String socket) {
        return "ssh://root@%s:%d%s".formatted(address, port, socket);
    }

    private static boolean listens(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void run(String... words) throws IOException, InterruptedException {
        int status = new ProcessBuilder(words).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException(String.join(" ", words) + " ended with " + status);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }
}
