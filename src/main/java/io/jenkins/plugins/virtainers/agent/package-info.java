/**
 * An agent that is a virtual machine: its node, how it is launched, how long it stays, what its log says of the boot, and
 * its program that waits in a memory template.
 */
package io.jenkins.plugins.virtainers.agent;
