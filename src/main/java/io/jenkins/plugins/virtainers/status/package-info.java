/** How clouds, hosts and agents are doing, as values for pages and the REST API. */
package io.jenkins.plugins.virtainers.status;
