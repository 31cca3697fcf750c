/** How long a boot takes, measured. */
package io.jenkins.plugins.virtainers.cli.bench;
