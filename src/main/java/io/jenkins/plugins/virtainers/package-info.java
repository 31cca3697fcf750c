/**
 * The Jenkins face: clouds, templates and agents that are virtual machines. It decides when and where; the {@linkplain
 * io.jenkins.plugins.virtainers.engine engine} does the work.
 */
package io.jenkins.plugins.virtainers;
