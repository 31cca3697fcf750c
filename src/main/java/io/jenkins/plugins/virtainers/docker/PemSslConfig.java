package io.jenkins.plugins.virtainers.docker;

import com.github.dockerjava.core.util.CertificateUtils;
import com.github.dockerjava.transport.SSLConfig;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Makes a TLS context of certificates in memory, so that none has to be written to disk. */
final class PemSslConfig implements SSLConfig {
    /** docker-java's key store is protected by this; it never leaves memory. */
    private static final char[] STORE_PASSWORD = "docker".toCharArray();

    private final SSLContext context;

    /**
     * Reads the certificates, which takes the security provider BC: Jenkins' Bouncy Castle plugin and the command line
     * register it.
     */
    PemSslConfig(DockerEndpoint endpoint, DockerEndpoint.Tls tls) {
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(CertificateUtils.createKeyStore(tls.key(), tls.certificate()), STORE_PASSWORD);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(CertificateUtils.createTrustStore(tls.authority()));
            context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw Failure.ENGINE_CONFIGURATION.because(
                    "Cannot use the TLS files for %s: %s. They must be PEM, and the key unencrypted."
                            .formatted(endpoint, e.getMessage()),
                    e);
        }
    }

    @Override
    public SSLContext getSSLContext() {
        return context;
    }
}
