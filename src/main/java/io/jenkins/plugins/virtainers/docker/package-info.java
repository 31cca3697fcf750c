/** Container hosts that speak the Docker API: Docker itself and Podman, on a socket or over TLS. */
package io.jenkins.plugins.virtainers.docker;
