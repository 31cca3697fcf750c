/** Ways to engines that Docker's library does not know: each makes connections, and a socket of this machine hands them on. */
package io.jenkins.plugins.virtainers.docker.dial;
