package io.jenkins.plugins.virtainers.fleet;

import hudson.Extension;
import hudson.ExtensionPoint;
import io.jenkins.plugins.virtainers.docker.DockerContainerHost;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.docker.dial.Dialer;
import io.jenkins.plugins.virtainers.docker.dial.SshLogins;
import io.jenkins.plugins.virtainers.engine.EngineSettings;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.engine.guest.Reach;
import io.jenkins.plugins.virtainers.engine.image.ImageSource;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import io.jenkins.plugins.virtainers.ssh.SshConnector;
import java.time.Clock;
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
        @Override
        public VmEngine open(DockerEndpoint endpoint, Reach reach) {
            SshConnector connector = new SshConnector();
            Optional<Dialer> dialer =
                    endpoint.login().map(login -> new SshLogins(endpoint.ssh().orElseThrow(), login, connector));
            return new VmEngine(
                    new DockerContainerHost(endpoint, dialer),
                    connector,
                    new OpenSshKeys(),
                    ImageSource.NONE,
                    EngineSettings.usual(Clock.systemUTC()).with(reach),
                    Clock.systemUTC());
        }
    }
}
