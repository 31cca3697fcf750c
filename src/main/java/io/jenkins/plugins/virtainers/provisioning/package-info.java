/** Gives builds agents: what is missing, where there is room, what is kept ready, what nobody wants any more. */
package io.jenkins.plugins.virtainers.provisioning;
