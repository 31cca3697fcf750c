/** The program of a build agent that waits in a memory template, and what joins it. */
package io.jenkins.plugins.virtainers.engine.agent;
