/** Guests reached over SSH. */
package io.jenkins.plugins.virtainers.ssh;
