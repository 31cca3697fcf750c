/**
 * Turns a {@link io.jenkins.plugins.virtainers.engine.spec.VmSpec} into a machine that answers SSH, and takes it away again.
 *
 * <p>The faces (command line, Jenkins) and the adapters (docker, ssh) depend on this package; it depends on none of
 * them. Whatever it needs from the outside it asks through interfaces of its own: {@code ContainerHost}, {@code
 * GuestConnector}, {@code Progress} and {@code java.time.Clock}.
 */
package io.jenkins.plugins.virtainers.engine;
