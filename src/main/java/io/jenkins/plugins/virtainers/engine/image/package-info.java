/** Images of container hosts: found, pulled or made; and what a machine wrote to its disk as an image or a file. */
package io.jenkins.plugins.virtainers.engine.image;
