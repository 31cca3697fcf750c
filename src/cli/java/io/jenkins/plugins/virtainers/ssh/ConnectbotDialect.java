package io.jenkins.plugins.virtainers.ssh;

import com.trilead.ssh2.Connection;
import com.trilead.ssh2.Session;
import com.trilead.ssh2.crypto.PEMDecoder;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.io.Terminal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** What ConnectBot's variant of the library adds. */
public final class ConnectbotDialect implements SshDialect {
    @Override
    public void use(Connection connection, Socket socket, Duration timeout) {
        connection.setProxyData((host, port, connectTimeout) -> {
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.connect(new InetSocketAddress(host, port), Math.toIntExact(timeout.toMillis()));
            return socket;
        });
    }

    @Override
    public void preferKeyExchanges(Connection connection, List<String> keyExchanges) {
        connection.setKeyExchangeAlgorithms(keyExchanges.toArray(String[]::new));
    }

    @Override
    public void check(SshKeyPair key) throws IOException {
        Objects.requireNonNull(PEMDecoder.decode(key.privatePem().toCharArray(), null));
    }

    @Override
    public void resize(Session session, Terminal.Size size) throws IOException {
        session.resizePTY(size.columns(), size.rows(), 0, 0);
    }
}
