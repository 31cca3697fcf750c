/** What is done again and again so that machines and nodes agree: leases renewed, orphans reaped. */
package io.jenkins.plugins.virtainers.upkeep;
