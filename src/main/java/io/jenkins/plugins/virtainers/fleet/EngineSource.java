package io.jenkins.plugins.virtainers.fleet;

import hudson.Extension;
import hudson.ExtensionPoint;
import io.jenkins.plugins.virtainers.VirtainerCloud;
import io.jenkins.plugins.virtainers.credentials.RegistryCredentials;
import io.jenkins.plugins.virtainers.docker.DockerContainerHost;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.docker.dial.Dialer;
import io.jenkins.plugins.virtainers.docker.dial.SshLogins;
import io.jenkins.plugins.virtainers.engine.EngineSettings;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.guest.Reach;
import io.jenkins.plugins.virtainers.engine.host.RegistryLogin;
import io.jenkins.plugins.virtainers.engine.image.ImageSource;
import io.jenkins.plugins.virtainers.engine.spec.ImageRef;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import io.jenkins.plugins.virtainers.ssh.SshConnector;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;

/** Where engines come from. The one that is asked is the first of the extension list. */
public interface EngineSource extends ExtensionPoint {
    /**
     * An engine on what listens there. Makes no connection yet.
     *
     * @param reach which ways to its guests are tried
     */
    VmEngine open(DockerEndpoint endpoint, Reach reach);

    /** Docker and Podman, and guests over SSH. */
    @Extension(ordinal = -100)
    final class Real implements EngineSource {
        /** The login that the first template with this image names; empty when none does. */
        private static Optional<RegistryLogin> loginFor(ImageRef image) {
            return VirtainerCloud.clouds().stream()
                    .flatMap(cloud -> cloud.offers().stream())
                    .filter(template -> template.boots(image))
                    .map(template -> template.boot().getRegistryCredentialsId())
                    .filter(Objects::nonNull)
                    .findFirst()
                    .map(id -> RegistryCredentials.find(id, image.toString()));
        }

        @Override
        public VmEngine open(DockerEndpoint endpoint, Reach reach) {
            SshConnector connector = new SshConnector();
            Optional<Dialer> dialer =
                    endpoint.login().map(login -> new SshLogins(endpoint.ssh().orElseThrow(), login, connector));
            return new VmEngine(
                    new DockerContainerHost(endpoint, Real::loginFor, dialer),
                    connector,
                    new OpenSshKeys(),
                    ImageSource.NONE,
                    EngineSettings.usual(Clock.systemUTC()).with(reach),
                    Clock.systemUTC());
        }
    }
}
