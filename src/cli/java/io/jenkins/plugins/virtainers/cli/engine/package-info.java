/** Which container engine a command uses, and a run of a command against it. */
package io.jenkins.plugins.virtainers.cli.engine;
