package io.jenkins.plugins.virtainers.docker;

import io.jenkins.plugins.virtainers.engine.host.ContainerHost;
import io.jenkins.plugins.virtainers.fault.FaultProxy;
import io.jenkins.plugins.virtainers.fault.TestAuthority;
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

    private static FaultProxy front;
    private static ContainerHost host;

    @BeforeAll
    static void connect() throws Exception {
        DockerEndpoint endpoint = RealHosts.docker();
        LiarImage.build(endpoint);
        Security.addProvider(new BouncyCastleProvider());
        TestAuthority authority = TestAuthority.make(certificates.resolve("authority"));
        front = FaultProxy.behindTls(Path.of(endpoint.uri().getPath()), authority);
        host = new DockerContainerHost(
                DockerEndpoint.parse(front.address(), Optional.of(DockerEndpoint.Tls.read(authority.directory()))));
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
