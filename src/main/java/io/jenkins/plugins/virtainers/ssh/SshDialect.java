package io.jenkins.plugins.virtainers.ssh;

import com.trilead.ssh2.Connection;
import com.trilead.ssh2.Session;
import io.jenkins.plugins.virtainers.engine.guest.SshKeyPair;
import io.jenkins.plugins.virtainers.engine.io.Terminal;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;

/**
 * What a variant of the SSH library can do beyond what all its variants can. Its old interface lives on in several
 * libraries, each with additions of its own; nothing outside of an implementation of this uses those.
 */
public interface SshDialect {
    /** No additions: the library's own sockets and preferences, and terminals keep the size that they begin with. */
    SshDialect COMMON = new SshDialect() {};

    /** Makes a connection use a socket of ours, which can be closed while the library waits. */
    default void use(Connection connection, Socket socket, Duration timeout) {}

    /** Says which key exchanges are preferred, best first. */
    default void preferKeyExchanges(Connection connection, List<String> keyExchanges) {}

    /**
     * Says what is wrong with a private key before it is used.
     *
     * @throws IOException when it cannot be
     */
    default void check(SshKeyPair key) throws IOException {}

    /** Tells the server that a terminal has another size now. */
    default void resize(Session session, Terminal.Size size) throws IOException {}
}
