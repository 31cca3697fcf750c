package io.jenkins.plugins.virtainers.docker;

import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import java.nio.file.Path;
import java.security.Security;
import java.util.Optional;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Docker keeps the contract at a port behind TLS, too. */
@Tag("long")
class DockerOverTlsIT extends RealHostContract {
    @TempDir
    static Path certificates;

    private static TlsFront front;
    private static ContainerHost host;

    @BeforeAll
    static void connect() throws Exception {
        DockerEndpoint endpoint = RealHosts.docker();
        LiarImage.build(endpoint);
        Security.addProvider(new BouncyCastleProvider());
        Path authority = TlsFront.makeAuthority(certificates.resolve("authority"));
        front = new TlsFront(endpoint, authority);
        host = new DockerContainerHost(
                DockerEndpoint.parse(front.uri(), Optional.of(DockerEndpoint.Tls.read(authority))));
    }

    @AfterAll
    static void disconnect() throws Exception {
        if (host != null) {
            LiarImage.removeRemains(RealHosts.docker());
            host.close();
        }
        if (front != null) {
            front.close();
        }
    }

    @Override
    public ContainerHost host() {
        return host;
    }
}
