/**
 * What goes wrong between a client and an engine or a guest, made to happen: real engines and guests answer, through a
 * proxy that keeps to a script.
 */
package io.jenkins.plugins.virtainers.fault;
