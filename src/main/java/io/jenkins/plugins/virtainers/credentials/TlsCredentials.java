package io.jenkins.plugins.virtainers.credentials;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import com.cloudbees.plugins.credentials.domains.DomainRequirement;
import com.cloudbees.plugins.credentials.domains.URIRequirementBuilder;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Util;
import hudson.util.Secret;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.engine.failure.Failure;
import java.util.List;
import org.jenkinsci.plugins.docker.commons.credentials.DockerServerCredentials;

/** Reads what a container engine's TLS asks of a client from the credentials of this Jenkins. */
public final class TlsCredentials {
    private TlsCredentials() {}

    /** Where they are shown: to a container engine at this address. */
    public static List<DomainRequirement> there(@CheckForNull String uri) {
        return URIRequirementBuilder.fromUri(Util.fixNull(uri)).build();
    }

    /**
     * The certificates and the key.
     *
     * @param uri of the engine
     * @throws io.jenkins.plugins.virtainers.engine.failure.VirtainerException {@link Failure#ENGINE_CONFIGURATION} when there is
     *     no such credential, it is of another kind, or a part is missing
     */
    public static DockerEndpoint.Tls find(String id, String uri) {
        StandardCredentials found = StoredCredentials.find(id, there(uri));
        if (found == null) {
            throw Failure.ENGINE_CONFIGURATION.because(
                    "Cannot connect to %s: there is no credential \"%s\". Choose a Docker server credential."
                            .formatted(uri, id));
        }
        if (!(found instanceof DockerServerCredentials tls)) {
            throw Failure.ENGINE_CONFIGURATION.because(
                    "Cannot connect to %s: credential \"%s\" is no Docker server credential (client key, client certificate, CA certificate). Choose one."
                            .formatted(uri, id));
        }
        Secret key = tls.getClientKeySecret();
        String certificate = tls.getClientCertificate();
        String authority = tls.getServerCaCertificate();
        if (key == null || certificate == null || authority == null) {
            throw Failure.ENGINE_CONFIGURATION.because(
                    "Cannot connect to %s: credential \"%s\" lacks a part. Fill in client key, client certificate and server CA certificate."
                            .formatted(uri, id));
        }
        return new DockerEndpoint.Tls(authority, certificate, key.getPlainText());
    }
}
