/**
 * What goes into a container or a guest and what comes out: commands and their streams, files, lines of a console, and the
 * events by which the runtime says how a boot goes.
 */
package io.jenkins.plugins.virtainers.engine.io;
