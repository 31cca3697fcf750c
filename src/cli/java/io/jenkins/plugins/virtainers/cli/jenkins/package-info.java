/** A Jenkins to try the plugin in. */
package io.jenkins.plugins.virtainers.cli.jenkins;
