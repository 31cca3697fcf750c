package io.jenkins.plugins.virtainers.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A machine beside this one, as far as a network and an engine make one: an SSH server and a Docker of its own in a
 * network namespace, to which a line leads from here. Needs root.
 *
 * @param network its namespace
 */
public record SecondHost(String network, SshServer ssh, OwnEngine engine) implements AutoCloseable {
    /** Of RFC 2544's range for benchmarks. */
    private static final String HERE = "198.19.78.1";

    private static final String THERE = "198.19.78.2";
    private static final int PORT = 2222;

    /** How an engine is started in a network namespace. */
    public interface Engine {
        OwnEngine in(String network) throws IOException;
    }

    /** Starts one, without any image. */
    public static SecondHost start(Path folder) throws Exception {
        return start(folder, OwnEngine::dockerIn);
    }

    /** Starts one with an engine that is made on purpose. */
    public static SecondHost start(Path folder, Engine start) throws Exception {
        String network = "vh" + ProcessHandle.current().pid();
        OwnEngine engine = null;
        try {
            OwnEngine.run("sh", "-ec", """
                    ip netns add %1$s
                    ip link add %1$s type veth peer name far netns %1$s
                    ip addr add %2$s/30 dev %1$s
                    ip link set %1$s up
                    ip -n %1$s addr add %3$s/30 dev far
                    ip -n %1$s link set far up
                    ip -n %1$s link set lo up
                    """.formatted(network, HERE, THERE));
            engine = start.in(network);
            SshServer ssh = SshServer.start(
                    Files.createDirectory(folder.resolve("sshd")),
                    THERE,
                    PORT,
                    System.getenv("PATH"),
                    List.of("nsenter", "--net=/run/netns/" + network, "--"));
            return new SecondHost(network, ssh, engine);
        } catch (Exception e) {
            end(network, engine);
            throw e;
        }
    }

    /** Its engine's address for whoever has the command of {@link #ssh}. */
    public String address() {
        return ssh.engine(engine.endpoint().uri().getPath());
    }

    private static void end(String network, OwnEngine engine) throws IOException {
        if (engine != null) {
            engine.close();
        }
        OwnEngine.run("ip", "netns", "delete", network);
    }

    @Override
    public void close() throws IOException {
        ssh.close();
        end(network, engine);
    }
}
