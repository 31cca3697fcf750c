/** Where containers run: the roles of a container host, and what it is asked for and answers. */
package io.jenkins.plugins.virtainers.engine.host;
