/** Container hosts that speak the Docker API: Docker itself and Podman, on a socket, over TLS or behind SSH. */
package io.jenkins.plugins.virtainers.docker;
