/** What short-lived containers of the runtime do for others: they run no guest, answer, and are removed. */
package io.jenkins.plugins.virtainers.engine.errand;
