/**
 * What can go wrong, as a sentence with a status of its own, and by what the caller does next: mend the configuration, try
 * again, or give up.
 */
package io.jenkins.plugins.virtainers.engine.failure;
