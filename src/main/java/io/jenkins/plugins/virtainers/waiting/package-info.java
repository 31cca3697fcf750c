/** Builds that wait for an agent, and their logs. */
package io.jenkins.plugins.virtainers.waiting;
