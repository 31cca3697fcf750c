/** Commands about machines: from run to rm. */
package io.jenkins.plugins.virtainers.cli.machine;
