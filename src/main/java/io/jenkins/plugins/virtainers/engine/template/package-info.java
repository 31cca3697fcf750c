/** Memory templates: which a machine wants, and how one is made. */
package io.jenkins.plugins.virtainers.engine.template;
