/**
 * The engine over HTTP and JSON (docs/api.md, {@code openapi.json}), on a socket of this machine. Knows the engine
 * alone; nobody but this package knows Jetty.
 */
package io.jenkins.plugins.virtainers.serve;
