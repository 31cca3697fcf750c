/** Files and folders between this machine and guests, or from guest to guest: what cp does once it is logged in. */
package io.jenkins.plugins.virtainers.cli.copy;
