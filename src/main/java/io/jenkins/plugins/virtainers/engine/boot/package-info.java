/** Watching a boot until the guest is ready, or known not to become so. */
package io.jenkins.plugins.virtainers.engine.boot;
