/**
 * What a command knows of the process that it is: its streams, environment, signals and files, and how it speaks to people
 * and programs.
 */
package io.jenkins.plugins.virtainers.cli.terminal;
