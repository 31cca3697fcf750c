package io.jenkins.plugins.virtainers;

import hudson.Extension;
import hudson.ExtensionPoint;
import io.jenkins.plugins.virtainers.docker.DockerContainerHost;
import io.jenkins.plugins.virtainers.docker.DockerEndpoint;
import io.jenkins.plugins.virtainers.engine.ImageSource;
import io.jenkins.plugins.virtainers.engine.VmEngine;
import io.jenkins.plugins.virtainers.ssh.OpenSshKeys;
import io.jenkins.plugins.virtainers.ssh.SshConnector;
import java.time.Clock;

/** Where engines come from. The one that is asked is the first of the extension list. */
public interface EngineSource extends ExtensionPoint {
    /** An engine on what listens there. Makes no connection yet. */
    VmEngine open(DockerEndpoint endpoint);

    /** Docker and Podman, and guests over SSH. */
    @Extension(ordinal = -100)
    final class Real implements EngineSource {
        @Override
        public VmEngine open(DockerEndpoint endpoint) {
            return new VmEngine(
                    new DockerContainerHost(endpoint, RegistryCredentials::of),
                    new SshConnector(),
                    new OpenSshKeys(),
                    ImageSource.NONE,
                    Clock.systemUTC());
        }
    }
}
