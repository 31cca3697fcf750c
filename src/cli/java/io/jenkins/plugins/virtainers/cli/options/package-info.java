/** What can be said about a machine on the command line, and the spec that is made of it. */
package io.jenkins.plugins.virtainers.cli.options;
