/** Machines that are to go, and are not forgotten until they are gone. */
package io.jenkins.plugins.virtainers.cleanup;
