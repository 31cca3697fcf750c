/** The command line. The only package that imports picocli; no part of the Jenkins plugin. */
package io.jenkins.plugins.virtainers.cli;
