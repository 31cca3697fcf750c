/** Commands about what machines are made of: images, disks and memory templates. */
package io.jenkins.plugins.virtainers.cli.image;
